package io.nacre.benchmarks;

import io.nacre.network.DeviceNames;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A server that is a real guest, from the request to ACTIVE beside what an overlay and QEMU alone take, and to the moment
 * when its SSH server answers.
 */
final class GuestBenchmark {
    private static final double BAR_MILLIS = 300;
    private static final Pattern BOOTED = Pattern.compile("\\[cloud\\] (\\d+\\.\\d+) boot finished");
    /** Where a connection attempt that is not answered at once counts as none. */
    private static final String AWAIT_SSH = """
            until timeout 0.5 bash -c 'read -r -N 4 said < /dev/tcp/$0/22 && [ "$said" = SSH- ]' "$0" 2>/dev/null
            do sleep 0.05; done""";

    private static final int GUEST_LIMIT_SECONDS = 240;

    private final Bench bench;
    private final Nacre nacre;
    private final Api api;
    private final Nacre.Kit kit;

    private GuestBenchmark(Bench bench, Nacre nacre, Api api, Nacre.Kit kit) {
        this.bench = bench;
        this.nacre = nacre;
        this.api = api;
        this.kit = kit;
    }

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        try (Nacre nacre = Nacre.up(bench, "guests", false);
                Api api = nacre.login()) {
            Nacre.Kit kit = nacre.furnish(api);
            GuestBenchmark benchmark = new GuestBenchmark(bench, nacre, api, kit);
            return List.of(benchmark.toActive(), benchmark.toSsh());
        }
    }

    private Figure toActive() throws IOException, InterruptedException {
        String id = create("first");
        awaitActive(id);
        Bare bare = Bare.of(id, bench.scratch().resolve("bare"));
        delete(id);
        Sample whole = new Sample();
        Sample alone = new Sample();
        Sample beyond = new Sample();
        for (int i = 0; i <= bench.rounds(9); i++) {
            bench.awaitQuiet();
            double bareMillis = bare.start();
            long began = System.nanoTime();
            String server = create("bench-" + i);
            awaitActive(server);
            double millis = (System.nanoTime() - began) / 1e6;
            delete(server);
            if (i > 0) {
                whole.add(millis);
                alone.add(bareMillis);
                beyond.add(millis - bareMillis);
            }
        }
        return new Figure(
                "a real server, image cached: POST to ACTIVE beyond overlay and QEMU alone",
                beyond.text("%.0f", "ms")
                        + String.format(
                                Locale.ROOT,
                                ": %.0f ms in all, overlay and QEMU alone %.0f ms",
                                whole.median(),
                                alone.median()),
                "at most 300 ms",
                beyond.median() <= BAR_MILLIS,
                Map.of("millis", beyond.values(), "wholeMillis", whole.values(), "bareMillis", alone.values()));
    }

    private Figure toSsh() throws IOException, InterruptedException {
        JsonNode group = api.get(Api.Port.NETWORK, "/v2.0/security-groups?name=default")
                .get("security_groups")
                .get(0);
        Map<String, Object> rule = new LinkedHashMap<>(
                Map.of("security_group_id", group.get("id").asString(), "direction", "ingress", "protocol", "tcp"));
        rule.put("port_range_min", 22);
        rule.put("port_range_max", 22);
        api.post(Api.Port.NETWORK, "/v2.0/security-group-rules", Map.of("security_group_rule", rule));
        Sample seconds = new Sample();
        Sample boot = new Sample();
        for (int i = 0; i < bench.rounds(3); i++) {
            bench.awaitQuiet();
            long began = System.nanoTime();
            String id = create("ssh-" + i);
            JsonNode server = awaitActive(id);
            awaitSsh(server.get("addresses").get("bench").get(0).get("addr").asString());
            seconds.add((System.nanoTime() - began) / 1e9);
            // The services have closed what was silent while the guest booted.
            api.reconnect();
            boot.add(bootSeconds(id));
            delete(id);
        }
        return Figure.shown(
                "POST to SSH answering, emulated",
                seconds.text("%.1f", "s")
                        + String.format(
                                Locale.ROOT,
                                "; the guest's own clock says %.1f s from its kernel's start to the end of its boot",
                                boot.median()),
                Map.of("seconds", seconds.values(), "bootSeconds", boot.values()));
    }

    private String create(String name) {
        return api.post(Api.Port.COMPUTE, "/v2.1/servers", kit.server(name))
                .get("server")
                .get("id")
                .asString();
    }

    private JsonNode awaitActive(String id) {
        while (true) {
            JsonNode server = api.get(Api.Port.COMPUTE, "/v2.1/servers/" + id).get("server");
            switch (server.get("status").asString()) {
                case "ACTIVE" -> {
                    return server;
                }
                case "ERROR" -> throw new IllegalStateException(server.toString());
                default -> Nacre.pause(2);
            }
        }
    }

    private void delete(String id) {
        api.delete(Api.Port.COMPUTE, "/v2.1/servers/" + id);
        Nacre.deleteServers(api);
    }

    private void awaitSsh(String address) throws IOException, InterruptedException {
        String namespace = DeviceNames.namespace(nacre.state().resolve("agent")) + "-dhcp-" + kit.network();
        Process probe = new ProcessBuilder("ip", "netns", "exec", namespace, "bash", "-c", AWAIT_SSH, address)
                .inheritIO()
                .start();
        if (!probe.waitFor(GUEST_LIMIT_SECONDS, TimeUnit.SECONDS)) {
            probe.descendants().forEach(ProcessHandle::destroyForcibly);
            probe.destroyForcibly();
            throw new IllegalStateException("no SSH at " + address);
        }
    }

    private double bootSeconds(String id) {
        while (true) {
            String console = api.post(
                            Api.Port.COMPUTE,
                            "/v2.1/servers/" + id + "/action",
                            Map.of("os-getConsoleOutput", Map.of()))
                    .get("output")
                    .asString();
            Matcher matcher = BOOTED.matcher(console);
            if (matcher.find()) {
                return Double.parseDouble(matcher.group(1));
            }
            Nacre.pause(200);
        }
    }
}
