package io.nacre.launcher;

import io.nacre.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "train",
        hidden = true,
        description = "Run a cloud of fakes once, for the ahead-of-time cache to be recorded.")
final class Train implements Callable<Integer> {
    @Mixin
    private StateOption state = new StateOption();

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(state.directory());
        Log.to(state.directory().resolve("log"));
        Settings settings = new Settings().override("cloud.port_offset=31000");
        try (State owned = State.take(state.directory());
                Cloud cloud = Cloud.start(owned, settings, false)) {
            System.out.print(cloud.welcome());
        }
        return 0;
    }
}
