package io.nacre.launcher;

import io.nacre.base.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Nacre that goes on when the command that started it has returned. */
final class Detached {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Detached() {}

    /**
     * Starts this program once more, in a session of its own, and waits until it says that it is ready.
     *
     * @param arguments of the command, without --detach
     * @return what it said
     */
    static String start(Path state, List<String> arguments) throws IOException, InterruptedException {
        State.make(state);
        Path output = state.resolve("log").resolve("console.log");
        Files.createDirectories(output.getParent());
        List<String> command = new ArrayList<>(List.of("setsid"));
        command.addAll(thisProgram());
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        Instant limit = Instant.now().plus(LIMIT);
        while (Instant.now().isBefore(limit)) {
            // setsid becomes the program, so its number is the program's.
            Optional<String> welcome = State.welcome(state, process.pid());
            if (welcome.isPresent()) {
                return welcome.get();
            }
            if (!process.isAlive()) {
                throw Fault.unavailable(
                        "Nacre did not start:\n" + Files.readString(output).strip());
            }
            Thread.sleep(20);
        }
        throw Fault.unavailable("Nacre did not answer within " + LIMIT.toSeconds() + " s, see " + output + ".");
    }

    /** The Java that runs now with its options, up to the main class. */
    private static List<String> thisProgram() {
        ProcessHandle.Info me = ProcessHandle.current().info();
        List<String> program = new ArrayList<>(List.of(me.command().orElseThrow()));
        for (String argument : me.arguments().orElseThrow()) {
            program.add(argument);
            if (argument.equals(Main.class.getName())) {
                return program;
            }
        }
        throw new IllegalStateException("not started by its main class");
    }
}
