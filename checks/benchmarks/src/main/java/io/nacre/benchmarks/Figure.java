package io.nacre.benchmarks;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table.
 *
 * @param measured in words, with its unit and its spread
 * @param bar in words; empty for what is only shown
 * @param ok whether the bar is met; null where there is none
 * @param numbers what stands behind it, for programs that compare runs
 */
record Figure(
        String what, String measured, String bar, @Nullable Boolean ok, Map<String, Object> numbers) {

    static Figure shown(String what, String measured, Map<String, Object> numbers) {
        return new Figure(what, measured, "", null, numbers);
    }

    String row() {
        String verdict = ok == null ? "" : ok ? "yes" : "NO";
        return "| " + what + " | " + measured + " | " + bar + " | " + verdict + " |";
    }
}
