package io.nacre.glance.data;

import io.nacre.config.Doc;
import java.time.Duration;

/** Section {@code [glance.imports]}. */
public record ImportConfig(
        @Doc("How long a task is shown after its end.") Duration taskTimeToLive) {
    public static final ImportConfig DEFAULTS = new ImportConfig(Duration.ofDays(2));

    public ImportConfig {
        if (!taskTimeToLive.isPositive()) {
            throw new IllegalArgumentException("task_time_to_live: more than zero");
        }
    }
}
