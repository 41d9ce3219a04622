package io.nacre.glance.convert;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import java.time.Duration;
import java.util.List;

/** Section {@code [glance.imports.conversion]}. */
public record ConversionConfig(
        @Doc("Disk format that images get: raw, qcow2, vmdk.")
        String outputFormat,

        @Doc("Address space of one conversion.") Bytes memory,

        @Doc("Processor time of one conversion.") Duration cpuTime,

        @Doc("How long one conversion may take.") Duration timeout) {
    private static final List<String> FORMATS = List.of("raw", "qcow2", "vmdk");

    public static final ConversionConfig DEFAULTS =
            new ConversionConfig("raw", Bytes.ofGiB(1), Duration.ofHours(1), Duration.ofHours(4));

    public ConversionConfig {
        if (!FORMATS.contains(outputFormat)) {
            throw new IllegalArgumentException("output_format: one of " + String.join(", ", FORMATS));
        }
        if (cpuTime.toSeconds() < 1 || timeout.toSeconds() < 1 || memory.count() < 1) {
            throw new IllegalArgumentException("memory, cpu_time and timeout: more than zero");
        }
    }
}
