package io.nacre.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where and how thoroughly a benchmark is to run.
 *
 * @param home the clone
 * @param scratch a folder on the disk to measure, for state directories
 * @param offset of the ports
 * @param image the test guest's image
 * @param quick whether it is only to be shown that everything still runs
 */
record Bench(Path home, Path scratch, int offset, Path image, boolean quick) {
    /** Measures one thing. */
    interface Benchmark {
        List<Figure> run(Bench bench) throws IOException, InterruptedException;
    }

    private static final int PATIENCE = 5;
    private static final double QUIET = 0.4;

    int rounds(int thorough) {
        return quick ? 1 : thorough;
    }

    double seconds(double thorough) {
        return quick ? Math.min(thorough, 0.3) : thorough;
    }

    /** Waits a while for others to leave the machine alone, for what is not measured as a ratio. */
    void awaitQuiet() throws InterruptedException {
        for (int i = 0; !quick && i < PATIENCE; i++) {
            double before = Processes.busySeconds();
            Thread.sleep(2000);
            if ((Processes.busySeconds() - before) / 2 < QUIET) {
                return;
            }
        }
    }
}
