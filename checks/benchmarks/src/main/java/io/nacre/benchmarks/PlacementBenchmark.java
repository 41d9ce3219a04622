package io.nacre.benchmarks;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.http.HttpConfig;
import io.nacre.http.HttpServer;
import io.nacre.placement.Placement;
import io.nacre.policy.Overrides;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

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
    private final Wire wire;

    private PlacementBenchmark(Database database, Placement placement, Wire wire) {
        this.database = database;
        this.placement = placement;
        this.wire = wire;
    }

    public static void main(String[] arguments) {
        Engines.each(arguments, List.of(Placement.MIGRATIONS), PlacementBenchmark::measure);
    }

    private static void measure(Database database) {
        Placement placement = new Placement(database, Ids.secure(), InstantSource.system());
        try (HttpServer http = new HttpServer(HttpConfig.defaults(), Ids.secure(), InstantSource.system())) {
            http.serve(placement.service(Overrides.NONE), claim -> operator(claim.requestId()), "127.0.0.1", 0);
            http.start();
            try (Wire wire = new Wire(http.port("placement"))) {
                new PlacementBenchmark(database, placement, wire).run();
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
                "VCPU", new io.nacre.contracts.peer.Placement.Inventory(64, 0, 1, 64, 1, 4, true),
                "MEMORY_MB", new io.nacre.contracts.peer.Placement.Inventory(262144, 512, 1, 262144, 1, 1, true),
                "DISK_GB", new io.nacre.contracts.peer.Placement.Inventory(4000, 0, 1, 4000, 1, 1, true));
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
            byte[] aggregates = Json.bytes(List.of(aggregate(node % AGGREGATES)));
            send(request("PUT", "/resource_providers/" + id(node) + "/aggregates", 18, aggregates));
        }
    }

    private static String id(int node) {
        return "c0de0000-0000-4000-8000-%012d".formatted(node);
    }

    private static String aggregate(int number) {
        return "a66e6a7e-0000-4000-8000-%012d".formatted(number);
    }

    private void http(String what, String path) {
        byte[] request = request("GET", path, 39, null);
        measure(what, () -> send(request));
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
        print(String.format(
                Locale.ROOT,
                "%-30s %s  answer %7d",
                what,
                Latencies.of(nanos, count).text(),
                size));
    }

    private static byte[] request(String method, String path, int minor, byte @Nullable [] body) {
        return Wire.request(
                method,
                path,
                Map.of(
                        "X-Auth-Token",
                        "token",
                        "OpenStack-API-Version",
                        "placement 1." + minor,
                        "Content-Type",
                        "application/json"),
                body);
    }

    private int send(byte[] request) {
        int status = wire.exchange(request);
        if (status != 200) {
            throw new IllegalStateException(status + " " + wire.text());
        }
        return wire.length();
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
