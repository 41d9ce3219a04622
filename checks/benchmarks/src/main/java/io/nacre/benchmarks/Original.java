package io.nacre.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The original's identity and image services, as {@code checks/benchmarks/original} starts them. */
final class Original implements AutoCloseable {
    static final String PASSWORD = "benchmark";

    private static final int ASIDE = 200;
    private static final int STOP_SECONDS = 60;

    private final int offset;
    private final Process process;
    private final List<Long> roots;

    private Original(int offset, Process process, List<Long> roots) {
        this.offset = offset;
        this.process = process;
        this.roots = roots;
    }

    static Original up(Bench bench) throws IOException {
        int offset = bench.offset() + ASIDE;
        Process process = new ProcessBuilder(
                        bench.home().resolve("checks/benchmarks/original").toString(),
                        bench.scratch().resolve("original").toString(),
                        Integer.toString(offset))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith("ready ")) {
                return new Original(
                        offset,
                        process,
                        Stream.of(line.substring(6).split(" "))
                                .map(Long::valueOf)
                                .toList());
            }
        }
        throw new IllegalStateException("the original did not start");
    }

    Api login() {
        return Api.login(offset, PASSWORD);
    }

    /** Its processes of the moment: those that were started, and their children. */
    List<Long> processes() {
        return roots.stream()
                .flatMap(root -> ProcessHandle.of(root).stream())
                .flatMap(root -> Stream.concat(Stream.of(root), root.descendants()))
                .map(ProcessHandle::pid)
                .toList();
    }

    @Override
    public void close() throws IOException {
        try (OutputStream in = process.getOutputStream()) {
            in.flush();
        }
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
