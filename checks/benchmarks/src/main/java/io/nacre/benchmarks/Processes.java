package io.nacre.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the kernel tells of processes and of the machine. */
final class Processes {
    /** Of the clock that the kernel counts in here; a hundred a second on every Linux that matters. */
    private static final double TICKS = 100;

    private Processes() {}

    /** Processor seconds that a process has used, in user code and in the kernel. */
    static double cpuSeconds(long pid) {
        String[] fields = afterName(Path.of("/proc/" + pid + "/stat"));
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS;
    }

    private static String[] afterName(Path stat) {
        String text = read(stat);
        return text.substring(text.lastIndexOf(')') + 2).split(" ");
    }

    /** One of the sizes in a process's status, such as VmRSS, in MiB. */
    static double mebibytes(long pid, String name) {
        return mebibytes(Path.of("/proc/" + pid + "/status"), name);
    }

    /** One of the sizes that a file of the kernel tells, in MiB. */
    static double mebibytes(Path file, String name) {
        return read(file)
                        .lines()
                        .filter(line -> line.startsWith(name + ":"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    static List<String> commandLine(long pid) {
        return Arrays.asList(read(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
    }

    /** Processor seconds that the whole machine has spent on anything but waiting. */
    static double busySeconds() {
        long[] times = Arrays.stream(read(Path.of("/proc/stat"))
                        .lines()
                        .findFirst()
                        .orElseThrow()
                        .split(" +"))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        // user nice system idle iowait irq softirq
        return (times[0] + times[1] + times[2] + times[5] + times[6]) / TICKS;
    }

    static String load() {
        return read(Path.of("/proc/loadavg")).split(" ")[0];
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
