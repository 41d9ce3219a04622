package io.nacre.nova;

import io.nacre.config.Doc;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How the Compute service behaves; the defaults are nova's of 2024.1 unless a line says otherwise. */
@Doc("The Compute service.")
public record NovaConfig(
        @Doc("Virtual processors that every host gives for each of its own. When not set, what placement has for the"
                + " host counts, and can be changed there.")
        @Nullable
        Double cpuAllocationRatio,

        @Doc("The same for memory.") @Nullable Double ramAllocationRatio,

        @Doc("The same for disk.") @Nullable Double diskAllocationRatio,

        @Doc("Virtual processors that a host which is new gives for each of its own.")
        double initialCpuAllocationRatio,

        @Doc("The same for memory.") double initialRamAllocationRatio,

        @Doc("The same for disk.") double initialDiskAllocationRatio,

        @Doc("Memory of a host, in MiB, that guests never get; at most an eighth of a small host's.")
        int reservedHostMemoryMib,

        @Doc("Processors of a host that guests never get.") int reservedHostCpus,

        @Doc("Disk of a host, in GiB, that guests never get.")
        int reservedHostDiskGib,

        @Doc("How long a host or a controller may be silent until it counts as down.")
        Duration serviceDownTime,

        @Doc("How often a controller says that it is there. An agent does it as often as its own section says.")
        Duration reportInterval,

        @Doc("How many hosts are tried for a new server before it is in ERROR.")
        int maxAttempts,

        @Doc("How long a host may take to start a new server, its image's download included.")
        Duration buildTimeout,

        @Doc("How long a guest gets to shut down by itself before its power is cut.")
        Duration shutdownTimeout,

        @Doc("How long a guest that the database does not know is left alone before it is removed.")
        Duration strayAfter,

        @Doc("Domain that completes a server's host name in its metadata.")
        String dhcpDomain,

        @Doc("Quotas by resource for projects without their own; -1 is unlimited.")
        Map<String, Integer> quotas) {

    public NovaConfig {
        boolean anyRatioIsNothing = Stream.of(
                        cpuAllocationRatio,
                        ramAllocationRatio,
                        diskAllocationRatio,
                        initialCpuAllocationRatio,
                        initialRamAllocationRatio,
                        initialDiskAllocationRatio)
                .anyMatch(ratio -> ratio != null && !(ratio > 0));
        if (anyRatioIsNothing) {
            throw new IllegalArgumentException("allocation ratios must be above 0");
        }
        if (Math.min(Math.min(reservedHostMemoryMib, reservedHostCpus), reservedHostDiskGib) < 0) {
            throw new IllegalArgumentException("what is reserved on a host cannot be less than nothing");
        }
        if (!reportInterval.isPositive() || reportInterval.compareTo(serviceDownTime) >= 0) {
            throw new IllegalArgumentException("report_interval must be positive and below service_down_time");
        }
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("max_attempts must be at least 1");
        }
        NovaQuotas.check(quotas);
    }

    public static NovaConfig defaults() {
        return new NovaConfig(
                null,
                null,
                null,
                4.0,
                1.0,
                1.0,
                512,
                0,
                0,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                3,
                Duration.ofMinutes(15),
                Duration.ofSeconds(60),
                Duration.ofMinutes(10),
                "novalocal",
                Map.of());
    }
}
