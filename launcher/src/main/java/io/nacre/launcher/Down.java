package io.nacre.launcher;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "down", mixinStandardHelpOptions = true, description = "Stop the cloud in order; guests keep running.")
final class Down implements Callable<Integer> {
    @Mixin
    private StateOption state = new StateOption();

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long to wait (default: ${DEFAULT-VALUE}).")
    private int timeout;

    @Override
    public Integer call() throws InterruptedException {
        Path directory = state.directory();
        Optional<Long> owner = State.owner(directory);
        if (owner.isEmpty()) {
            System.out.println("Nacre is not running on " + directory + ".");
            return 0;
        }
        ProcessHandle.of(owner.get()).ifPresent(ProcessHandle::destroy);
        Instant limit = Instant.now().plusSeconds(timeout);
        while (State.owner(directory).isPresent()) {
            if (Instant.now().isAfter(limit)) {
                System.err.println("nacre: process " + owner.get() + " has not stopped within " + timeout + " s.");
                return 1;
            }
            Thread.sleep(50);
        }
        System.out.println("Nacre has stopped; guests keep running.");
        return 0;
    }
}
