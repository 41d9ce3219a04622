package io.nacre.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "status", mixinStandardHelpOptions = true, description = "Say what runs, and how to reach it.")
final class Status implements Callable<Integer> {
    private static final int NOT_RUNNING = 3;

    @Mixin
    private StateOption state = new StateOption();

    @Override
    public Integer call() throws IOException {
        Path directory = state.directory();
        Optional<Long> owner = State.owner(directory);
        Path ready = directory.resolve("ready");
        if (owner.isEmpty()) {
            System.out.println("Nacre is not running on " + directory + ".");
            return NOT_RUNNING;
        }
        System.out.println("Nacre is running on " + directory + " (process " + owner.get() + ")"
                + (Files.exists(ready) ? "." : ", still starting."));
        if (Files.exists(ready)) {
            System.out.print(Files.readString(ready));
        }
        return 0;
    }
}
