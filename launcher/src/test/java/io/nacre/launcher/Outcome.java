package io.nacre.launcher;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/** What a command said, and how it ended. */
record Outcome(int status, String text) {

    /** Runs a command on the cloud of a state directory; who calls it holds the standard output. */
    static Outcome of(Object command, Path state, String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--state", state.toString()));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream before = System.out;
        try (PrintStream captured = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            System.setOut(captured);
            CommandLine line = new CommandLine(command);
            line.setExecutionExceptionHandler((e, failed, parsed) -> {
                throw e;
            });
            return new Outcome(line.execute(all.toArray(String[]::new)), out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }
}
