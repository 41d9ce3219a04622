package io.nacre.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** A Nacre of the benchmark's own, started by its command. */
final class Nacre implements AutoCloseable {
    private static final List<String> FAKES = List.of("-o", "compute.driver=fake", "-o", "network.driver=fake");
    private static final int POLL_MILLIS = 5;

    private final Bench bench;
    private final Path state;
    private final boolean fake;
    private final List<String> options;
    private Process process;
    private double startSeconds;

    private Nacre(Bench bench, Path state, boolean fake, List<String> options) throws IOException {
        this.bench = bench;
        this.state = state;
        this.fake = fake;
        this.options = options;
        this.process = start();
    }

    /** @param options that differ from the defaults, such as {@code keystone.list_limit=100} */
    static Nacre up(Bench bench, String name, boolean fake, String... options) throws IOException {
        return new Nacre(bench, bench.scratch().resolve(name), fake, List.of(options));
    }

    /** In the foreground, until every API has answered a request. */
    private Process start() throws IOException {
        List<String> words = new ArrayList<>(List.of(
                bench.home().resolve("nacre").toString(),
                "up",
                "--state",
                state.toString(),
                "--port-offset",
                Integer.toString(bench.offset())));
        if (fake) {
            words.addAll(FAKES);
        }
        options.forEach(option -> words.addAll(List.of("-o", option)));
        Files.createDirectories(state);
        long began = System.nanoTime();
        Process started = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(state.resolve("output").toFile())
                .start();
        for (Api.Port port : Api.Port.values()) {
            while (!answers(port.at(bench.offset()))) {
                if (!started.isAlive()) {
                    throw new IllegalStateException(
                            "Nacre did not start: " + Files.readString(state.resolve("output")));
                }
                pause(POLL_MILLIS);
            }
        }
        startSeconds = (System.nanoTime() - began) / 1e9;
        return started;
    }

    private static boolean answers(int port) {
        try (Wire wire = new Wire(port)) {
            return wire.exchange(Wire.request("GET", "/", Map.of(), null)) < 400;
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    /** How long the last start took, from the command to the last API's first answer. */
    double startSeconds() {
        return startSeconds;
    }

    void stop() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Nacre did not stop within a minute");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    void restart() throws IOException {
        stop();
        process = start();
    }

    /** The script becomes the program, so its number is the program's. */
    long pid() {
        return process.pid();
    }

    Path state() {
        return state;
    }

    int port(Api.Port port) {
        return port.at(bench.offset());
    }

    Api login() {
        return Api.login(bench.offset(), adminPassword());
    }

    String adminPassword() {
        return Processes.read(state.resolve("secrets/admin-password")).strip();
    }

    /** What servers are made of. */
    record Kit(String image, String flavor, String network) {
        Map<String, Object> server(String name) {
            return Map.of(
                    "server",
                    Map.of(
                            "name",
                            name,
                            "imageRef",
                            image,
                            "flavorRef",
                            flavor,
                            "networks",
                            List.of(Map.of("uuid", network))));
        }
    }

    /** Makes an image, a flavor and a network, and room for many servers. */
    Kit furnish(Api api) throws IOException {
        String image = api.post(
                        Api.Port.IMAGE,
                        "/v2/images",
                        Map.of("name", "bench", "disk_format", "qcow2", "container_format", "bare"))
                .get("id")
                .asString();
        api.upload("/v2/images/" + image + "/file", Files.readAllBytes(bench.image()));
        String flavor = api.post(
                        Api.Port.COMPUTE,
                        "/v2.1/flavors",
                        Map.of("flavor", Map.of("name", "bench", "ram", 128, "vcpus", 1, "disk", 1)))
                .get("flavor")
                .get("id")
                .asString();
        String network = api.post(Api.Port.NETWORK, "/v2.0/networks", Map.of("network", Map.of("name", "bench")))
                .get("network")
                .get("id")
                .asString();
        api.post(
                Api.Port.NETWORK,
                "/v2.0/subnets",
                Map.of("subnet", Map.of("network_id", network, "ip_version", 4, "cidr", "10.8.0.0/22")));
        String project = api.get(Api.Port.NETWORK, "/v2.0/networks/" + network)
                .get("network")
                .get("project_id")
                .asString();
        api.put(
                Api.Port.COMPUTE,
                "/v2.1/os-quota-sets/" + project,
                Map.of("quota_set", Map.of("instances", -1, "cores", -1, "ram", -1, "force", true)));
        api.put(Api.Port.NETWORK, "/v2.0/quotas/" + project, Map.of("quota", Map.of("port", -1)));
        return new Kit(image, flavor, network);
    }

    /** Asks as fast as that hurts nobody until as many servers as given are ACTIVE and none is on its way. */
    static void awaitActive(Api api, int count) {
        while (!api.get(Api.Port.COMPUTE, "/v2.1/servers?limit=1&status=BUILD")
                .get("servers")
                .isEmpty()) {
            pause(POLL_MILLIS);
        }
        int active = api.get(Api.Port.COMPUTE, "/v2.1/servers?status=ACTIVE")
                .get("servers")
                .size();
        if (active != count) {
            throw new IllegalStateException(active + " of " + count + " servers became ACTIVE");
        }
    }

    static void deleteServers(Api api) {
        JsonNode servers = api.get(Api.Port.COMPUTE, "/v2.1/servers").get("servers");
        IntStream.range(0, servers.size())
                .mapToObj(i -> servers.get(i).get("id").asString())
                .forEach(id -> api.delete(Api.Port.COMPUTE, "/v2.1/servers/" + id));
        while (!api.get(Api.Port.COMPUTE, "/v2.1/servers?limit=1")
                .get("servers")
                .isEmpty()) {
            pause(POLL_MILLIS);
        }
    }

    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops it and takes down what it left on the host. */
    @Override
    public void close() throws IOException {
        stop();
        if (fake) {
            return;
        }
        Process purge = new ProcessBuilder(
                        bench.home().resolve("nacre").toString(), "purge", "--state", state.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(purge.getInputStream(), StandardCharsets.UTF_8))) {
            String text = String.join("\n", said.lines().toList());
            if (purge.waitFor() != 0) {
                throw new IllegalStateException("purge failed: " + text);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
