package io.nacre.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long the whole program takes to start on a state that exists, and how much memory it takes when idle. */
final class StartBenchmark {
    private static final double SECONDS = 3;
    private static final double MEBIBYTES = 400;
    private static final long SETTLE_MILLIS = 10_000;

    private StartBenchmark() {}

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        Sample seconds = new Sample();
        Sample cpu = new Sample();
        Sample memory = new Sample();
        Sample mapped = new Sample();
        try (Nacre nacre = Nacre.up(bench, "start", false)) {
            try (Api api = nacre.login()) {
                nacre.furnish(api);
            }
            for (int i = 0; i < bench.rounds(7); i++) {
                bench.awaitQuiet();
                nacre.restart();
                seconds.add(nacre.startSeconds());
                cpu.add(Processes.cpuSeconds(nacre.pid()));
                Thread.sleep(bench.quick() ? 0 : SETTLE_MILLIS);
                memory.add(Processes.mebibytes(nacre.pid(), "VmRSS"));
                mapped.add(Processes.mebibytes(nacre.pid(), "RssFile"));
            }
        }
        return List.of(
                new Figure(
                        "nacre up on existing state, exec to every API answering",
                        seconds.text("%.2f", "s") + String.format(Locale.ROOT, ", %.1f s of processor", cpu.median()),
                        "at most 3 s",
                        seconds.median() <= SECONDS,
                        Map.of("seconds", seconds.values(), "cpuSeconds", cpu.values())),
                new Figure(
                        "resident memory of the idle all-in-one",
                        memory.text("%.0f", "MiB")
                                + String.format(Locale.ROOT, ", %.0f of them of mapped files", mapped.median()),
                        "at most 400 MiB",
                        memory.median() <= MEBIBYTES,
                        Map.of("mebibytes", memory.values(), "ofFiles", mapped.values())));
    }
}
