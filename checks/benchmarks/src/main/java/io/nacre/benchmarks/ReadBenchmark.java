package io.nacre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** What a read costs beside an answer that is ready-made. */
final class ReadBenchmark {
    private static final int SERVERS = 20;
    private static final double BAR = 0.35;

    private ReadBenchmark() {}

    /** The validation of somebody's token by another. */
    static List<Figure> validation(Bench bench) throws IOException, InterruptedException {
        try (Nacre nacre = Nacre.up(bench, "validation", true);
                Api api = nacre.login();
                Api subject = nacre.login()) {
            Map<String, String> headers = api.headers(Map.of("X-Subject-Token", subject.token()));
            SideBySide question = new SideBySide(Api.Port.IDENTITY, "GET", "/v3/auth/tokens", headers, null);
            return List.of(question.measure(bench, nacre, "GET token validation", BAR));
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
            SideBySide question = new SideBySide(Api.Port.COMPUTE, "GET", "/v2.1/servers/detail", headers, null);
            Figure quiet = question.measure(bench, nacre, "GET /servers/detail, 20 servers", BAR);
            try (Changes changes = new Changes(api.another(), kit)) {
                Figure busy = question.measure(bench, nacre, "the same while the cloud changes", BAR);
                String rate = String.format(Locale.ROOT, "; %.0f commits/s meanwhile", changes.perSecond());
                return List.of(quiet, Figure.shown(busy.what(), busy.measured() + rate, busy.numbers()));
            }
        }
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
