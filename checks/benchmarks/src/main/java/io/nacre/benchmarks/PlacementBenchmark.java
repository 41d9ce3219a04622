package io.nacre.benchmarks;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig.Engine;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.placement.Placement;
import io.nacre.testkit.DatabaseServers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;

/**
 * Listings and searches in a large cloud: {@code PlacementBenchmark [folder on the disk to measure] [engine ...]}.
 *
 * <p>A thousand compute nodes of ten traits each stand in ten aggregates and hold two servers each. Every question is
 * asked by one client, over HTTP or as the scheduler asks it, until it took three seconds in all.
 */
public final class PlacementBenchmark {
    private static final int PROVIDERS = 1000;
    private static final int AGGREGATES = 10;
    private static final String FLAVOR = "resources=VCPU:2,MEMORY_MB:2048,DISK_GB:20";
    private static final long WARM_UP = 1_000_000_000L;
    private static final long MEASURED = 3_000_000_000L;

    private final Database database;
    private final Placement placement;
    private final String url;
    private final HttpClient client = HttpClient.newHttpClient();

    private PlacementBenchmark(Database database, Placement placement, String url) {
        this.database = database;
        this.placement = placement;
        this.url = url;
    }

    public static void main(String[] args) {
        Path folder = Path.of(args.length > 0 ? args[0] : System.getProperty("java.io.tmpdir"));
        List<Engine> engines = args.length > 1
                ? Arrays.stream(args)
                        .skip(1)
                        .map(name -> Engine.valueOf(name.toUpperCase(Locale.ROOT)))
                        .toList()
                : List.of(Engine.SQLITE);
        try (DatabaseServers servers = new DatabaseServers(folder)) {
            for (Engine engine : engines) {
                try (Database database = Database.open(servers.fresh(engine), List.of(Placement.MIGRATIONS));
                        HttpServer http = new HttpServer(HttpConfig.defaults(), Ids.secure(), InstantSource.system())) {
                    Placement placement = new Placement(database, Ids.secure(), InstantSource.system());
                    http.serve(placement.service(null), (token, id, global) -> operator(id), "127.0.0.1", 0);
                    http.start();
                    print(engine.name());
                    new PlacementBenchmark(database, placement, "http://127.0.0.1:" + http.port("placement")).run();
                }
            }
        }
    }

    private static Caller operator(String requestId) {
        Caller.Person person = new Caller.Person("operator", "operator", "default", "Default");
        return new Caller(requestId, null, person, new Caller.Scope(person, null, false), Set.of("admin"), null);
    }

    private void run() {
        fill();
        String one = id(PROVIDERS / 2);
        String aggregate = aggregate(3);
        http("list all providers", "/resource_providers");
        http("list by name", "/resource_providers?name=node-500");
        http("list by uuid", "/resource_providers?uuid=" + one);
        http("list by aggregate", "/resource_providers?member_of=" + aggregate);
        http("list by trait", "/resource_providers?required=CUSTOM_RARE");
        http("list by resources", "/resource_providers?" + FLAVOR);
        http("usages of a provider", "/resource_providers/" + one + "/usages");
        http("usages of a project", "/usages?project_id=project-1");
        http("candidates, limit 10", "/allocation_candidates?limit=10&" + FLAVOR);
        http("candidates, limit 1000", "/allocation_candidates?limit=1000&" + FLAVOR);
        http("candidates in an aggregate", "/allocation_candidates?limit=1000&member_of=" + aggregate + "&" + FLAVOR);
        http("candidates with a rare trait", "/allocation_candidates?limit=1000&required=CUSTOM_RARE&" + FLAVOR);
        http("candidates, nothing fits", "/allocation_candidates?limit=1000&resources=VCPU:2,VGPU:1");
        peer("scheduler, limit 1000", 1000, List.of());
        peer("scheduler, in an aggregate", 1000, List.of(Set.of(aggregate)));
        peer("scheduler, limit 10", 10, List.of());
    }

    private void fill() {
        var peer = placement.peer();
        Map<String, io.nacre.contracts.peer.Placement.Inventory> inventories = Map.of(
                "VCPU", new io.nacre.contracts.peer.Placement.Inventory(64, 0, 1, 64, 1, 4),
                "MEMORY_MB", new io.nacre.contracts.peer.Placement.Inventory(262144, 512, 1, 262144, 1, 1),
                "DISK_GB", new io.nacre.contracts.peer.Placement.Inventory(4000, 0, 1, 4000, 1, 1));
        for (int i = 0; i < PROVIDERS; i++) {
            int node = i;
            Set<String> traits = new TreeSet<>(Set.of(
                    "HW_CPU_X86_AVX",
                    "HW_CPU_X86_AVX2",
                    "HW_CPU_X86_SSE",
                    "HW_CPU_X86_SSE2",
                    "HW_CPU_X86_SSE41",
                    "HW_CPU_X86_SSE42",
                    "HW_CPU_X86_VMX",
                    "COMPUTE_NODE",
                    "COMPUTE_RESCUE_BFV"));
            traits.add(node % 100 == 0 ? "CUSTOM_RARE" : "CUSTOM_COMMON");
            database.run(tx -> {
                peer.report(
                        tx,
                        new io.nacre.contracts.peer.Placement.Provider(id(node), "node-" + node, inventories, traits));
                for (int server = 0; server < 2; server++) {
                    peer.claim(
                            tx,
                            new io.nacre.contracts.peer.Placement.Claim(
                                    "5e57e400-0000-4000-8000-%012d".formatted(node * 2 + server),
                                    "project-" + node % 50,
                                    "user",
                                    "INSTANCE",
                                    Map.of(id(node), Map.of("VCPU", 2L, "MEMORY_MB", 2048L, "DISK_GB", 20L))));
                }
            });
            put("/resource_providers/" + id(node) + "/aggregates", "[\"" + aggregate(node % AGGREGATES) + "\"]");
        }
    }

    private static String id(int node) {
        return "c0de0000-0000-4000-8000-%012d".formatted(node);
    }

    private static String aggregate(int number) {
        return "a66e6a7e-0000-4000-8000-%012d".formatted(number);
    }

    private void http(String what, String path) {
        measure(what, () -> send(request(path, 39)));
    }

    private void peer(String what, int limit, List<Set<String>> memberOf) {
        var query = new io.nacre.contracts.peer.Placement.Query(
                Map.of("VCPU", 2L, "MEMORY_MB", 2048L, "DISK_GB", 20L),
                Set.of("COMPUTE_NODE"),
                Set.of(),
                memberOf,
                null,
                limit);
        measure(
                what,
                () -> database.read(tx -> placement.peer().candidates(tx, query))
                        .size());
    }

    /** Asked again and again by one client; the answer's size, bytes or candidates, shows that it is the same one. */
    private static void measure(String what, IntSupplier question) {
        long[] nanos = new long[1_000_000];
        int count = 0;
        int size = 0;
        for (long begin = System.nanoTime(), end = begin + WARM_UP; System.nanoTime() < end; ) {
            size = question.getAsInt();
        }
        for (long begin = System.nanoTime(), start = begin; start < begin + MEASURED; count++) {
            size = question.getAsInt();
            long done = System.nanoTime();
            nanos[count] = done - start;
            start = done;
        }
        Arrays.sort(nanos, 0, count);
        print(String.format(
                Locale.ROOT,
                "%-30s p50 %8.2f ms  p99 %8.2f ms  answer %7d",
                what,
                nanos[count / 2] / 1e6,
                nanos[(int) (count * 0.99)] / 1e6,
                size));
    }

    private HttpRequest.Builder request(String path, int minor) {
        return HttpRequest.newBuilder(URI.create(url + path))
                .header("X-Auth-Token", "token")
                .header("OpenStack-API-Version", "placement 1." + minor);
    }

    private void put(String path, String body) {
        send(request(path, 18).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    private int send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(response.statusCode() + " " + response.body());
            }
            return response.body().length();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
