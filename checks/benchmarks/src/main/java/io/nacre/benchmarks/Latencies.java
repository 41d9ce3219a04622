package io.nacre.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** How long each of many repetitions took, in milliseconds. */
record Latencies(double p50, double p99, double most) {

    /** @param nanos whose first {@code count} are measurements; they are sorted in place */
    static Latencies of(long[] nanos, int count) {
        Arrays.sort(nanos, 0, count);
        return new Latencies(nanos[count / 2] / 1e6, nanos[(int) (count * 0.99)] / 1e6, nanos[count - 1] / 1e6);
    }

    String text() {
        return String.format(Locale.ROOT, "p50 %8.2f ms  p99 %8.2f ms  max %8.2f ms", p50, p99, most);
    }
}
