package io.nacre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** A hundred servers with a port each on fake guests, asked for by eight clients, until all are ACTIVE. */
final class ServersBenchmark {
    private static final int SERVERS = 100;
    private static final int CLIENTS = 8;
    private static final double SECONDS = 3;

    private ServersBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        Sample all = new Sample();
        Sample accepted = new Sample();
        Sample cpu = new Sample();
        double first = 0;
        try (Nacre nacre = Nacre.up(bench, "servers", true);
                Api api = nacre.login()) {
            Nacre.Kit kit = nacre.furnish(api);
            for (int i = 0; i <= bench.rounds(7); i++) {
                bench.awaitQuiet();
                double before = Processes.cpuSeconds(nacre.pid());
                long began = System.nanoTime();
                create(api, kit);
                double answered = (System.nanoTime() - began) / 1e9;
                Nacre.awaitActive(api, SERVERS);
                double done = (System.nanoTime() - began) / 1e9;
                if (i == 0) {
                    first = done;
                } else {
                    all.add(done);
                    accepted.add(answered);
                    cpu.add(Processes.cpuSeconds(nacre.pid()) - before);
                }
                Nacre.deleteServers(api);
            }
        }
        String more = String.format(
                Locale.ROOT,
                "; all accepted after %.2f s; %.0f ms of processor each; %.2f s right after the start",
                accepted.median(),
                cpu.median() * 1000 / SERVERS,
                first);
        return List.of(new Figure(
                "100 servers with the fake hypervisor, 8 clients, POST to ACTIVE",
                all.text("%.2f", "s") + more,
                "at most 3 s in all",
                all.median() <= SECONDS,
                Map.of(
                        "seconds",
                        all.values(),
                        "acceptedSeconds",
                        accepted.values(),
                        "cpuSeconds",
                        cpu.values(),
                        "firstSeconds",
                        first)));
    }

    private static void create(Api api, Nacre.Kit kit) throws InterruptedException {
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<?>> work = IntStream.range(0, CLIENTS)
                    .<Future<?>>mapToObj(client -> clients.submit(() -> {
                        try (Api own = api.another()) {
                            for (int i = client; i < SERVERS; i += CLIENTS) {
                                own.post(Api.Port.COMPUTE, "/v2.1/servers", kit.server("bench-" + i));
                            }
                        }
                    }))
                    .toList();
            for (Future<?> one : work) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
