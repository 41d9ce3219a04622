package io.nacre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a read costs beside an answer that is ready-made.
 *
 * <p>Eight clients ask in turns, now Nacre and now a server on the same HTTP stack that sends the very same bytes without
 * finding anything out, so that whatever else the machine does hits both. As clients and servers share the processors,
 * the processor time that the server alone takes for a request is told, too.
 */
final class ReadBenchmark {
    private static final int SERVERS = 20;
    private static final double WARM_UP = 8;
    private static final double ROUND = 2;
    private static final double BAR = 0.35;

    private ReadBenchmark() {}

    /** The validation of somebody's token by another. */
    static List<Figure> validation(Bench bench) throws IOException, InterruptedException {
        try (Nacre nacre = Nacre.up(bench, "validation", true);
                Api api = nacre.login();
                Api subject = nacre.login()) {
            Map<String, String> headers = api.headers(Map.of("X-Subject-Token", subject.token()));
            byte[] request = Wire.request("GET", "/v3/auth/tokens", headers, null);
            return List.of(compare(bench, nacre, "GET token validation", Api.Port.IDENTITY, request, headers));
        }
    }

    static List<Figure> servers(Bench bench) throws IOException, InterruptedException {
        try (Nacre nacre = Nacre.up(bench, "servers-detail", true);
                Api api = nacre.login()) {
            Nacre.Kit kit = nacre.furnish(api);
            for (int i = 0; i < SERVERS; i++) {
                api.post(Api.Port.COMPUTE, "/v2.1/servers", kit.server("bench-" + i));
            }
            Nacre.awaitActive(api, SERVERS);
            Map<String, String> headers = api.headers(Map.of());
            byte[] request = Wire.request("GET", "/v2.1/servers/detail", headers, null);
            Figure quiet = compare(bench, nacre, "GET /servers/detail, 20 servers", Api.Port.COMPUTE, request, headers);
            try (Changes changes = new Changes(api.another(), kit)) {
                Figure busy =
                        compare(bench, nacre, "the same while the cloud changes", Api.Port.COMPUTE, request, headers);
                String rate = String.format(Locale.ROOT, "; %.0f commits/s meanwhile", changes.perSecond());
                return List.of(quiet, Figure.shown(busy.what(), busy.measured() + rate, busy.numbers()));
            }
        }
    }

    private static Figure compare(
            Bench bench, Nacre nacre, String what, Api.Port port, byte[] request, Map<String, String> headers)
            throws IOException, InterruptedException {
        try (Wire wire = new Wire(nacre.port(port))) {
            if (wire.exchange(request) != 200) {
                throw new IllegalStateException(wire.text());
            }
            try (ReadyMade readyMade = ReadyMade.of(wire, nacre)) {
                Load real = new Load(nacre.port(port), nacre.pid(), request, wire.length());
                byte[] sameHeaders = Wire.request("GET", "/", headers, null);
                Load bare = new Load(readyMade.port(), readyMade.pid(), sameHeaders, wire.length());
                return turns(bench, what, real, bare);
            }
        }
    }

    private static Figure turns(Bench bench, String what, Load real, Load bare) throws InterruptedException {
        real.run(bench.seconds(WARM_UP));
        bare.run(bench.seconds(WARM_UP));
        Sample perSecond = new Sample();
        Sample barePerSecond = new Sample();
        Sample ratio = new Sample();
        Sample micros = new Sample();
        Sample bareMicros = new Sample();
        for (int i = 0; i < bench.rounds(7); i++) {
            Load.Result one = real.run(bench.seconds(ROUND));
            Load.Result other = bare.run(bench.seconds(ROUND));
            perSecond.add(one.perSecond());
            barePerSecond.add(other.perSecond());
            ratio.add(one.perSecond() / other.perSecond());
            micros.add(one.cpuMicros());
            bareMicros.add(other.cpuMicros());
        }
        String measured = String.format(
                Locale.ROOT,
                "%.0f %% (%.0f to %.0f, %d rounds): %.0f/s of %.0f/s; %.0f µs of processor, ready-made %.0f µs; %d bytes",
                100 * ratio.median(),
                100 * ratio.least(),
                100 * ratio.most(),
                ratio.values().size(),
                perSecond.median(),
                barePerSecond.median(),
                micros.median(),
                bareMicros.median(),
                real.length());
        return new Figure(
                what,
                measured,
                "at least 35 % of the requests/s of ready-made bytes",
                ratio.median() >= BAR,
                Map.of(
                        "ratio", ratio.values(),
                        "perSecond", perSecond.values(),
                        "readyMadePerSecond", barePerSecond.values(),
                        "cpuMicros", micros.values(),
                        "readyMadeCpuMicros", bareMicros.values(),
                        "bytes", real.length()));
    }

    /** Somebody who changes a network all the time, so that nothing that was read before is known to be true. */
    private static final class Changes implements AutoCloseable {
        private static final long PAUSE_MILLIS = 5;

        private final long began = System.nanoTime();
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger made = new AtomicInteger();
        private final Thread thread;

        Changes(Api api, Nacre.Kit kit) {
            thread = Thread.ofPlatform().start(() -> {
                try (api) {
                    while (!over.get()) {
                        Object change = Map.of("description", "change " + made.incrementAndGet());
                        api.put(Api.Port.NETWORK, "/v2.0/networks/" + kit.network(), Map.of("network", change));
                        Nacre.pause(PAUSE_MILLIS);
                    }
                }
            });
        }

        double perSecond() {
            return made.get() / ((System.nanoTime() - began) / 1e9);
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
