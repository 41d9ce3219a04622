package io.nacre.launcher;

import io.nacre.base.FaultException;
import io.nacre.config.InvalidSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code nacre}: an OpenStack cloud in one program. */
@Command(
        name = "nacre",
        mixinStandardHelpOptions = true,
        version = "Nacre 0.1.0",
        description = "An OpenStack cloud in one program.",
        subcommands = {
            Start.Up.class,
            Down.class,
            Status.class,
            DemoCommand.class,
            Purge.class,
            KeystoneCommand.class,
            GlanceCommand.class,
            Start.ControllerOnly.class,
            Start.AgentOnly.class,
            Train.class
        },
        footer = {
            "",
            "Also: nacre test [STAGE...] runs every test; nacre benchmarks [NAME...] measures; nacre build builds the program."
        })
public final class Main implements Runnable {
    /** A system property: whether words are only read, so that what cannot be meant is known before there is work. */
    private static final String ONLY_READ = "nacre.read";

    public static void main(String[] arguments) {
        CommandLine commandLine = new CommandLine(new Main());
        commandLine.setExecutionExceptionHandler((e, command, parsed) -> {
            if (e instanceof FaultException || e instanceof InvalidSettings) {
                System.err.println("nacre: " + e.getMessage());
                return 1;
            }
            throw e;
        });
        if (Boolean.getBoolean(ONLY_READ)) {
            commandLine.setExecutionStrategy(parsed -> 0);
        }
        System.exit(commandLine.execute(arguments));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
