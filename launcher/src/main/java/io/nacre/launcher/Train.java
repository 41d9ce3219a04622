package io.nacre.launcher;

import io.nacre.config.Settings;
import io.nacre.launcher.demo.Rehearsal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "train",
        hidden = true,
        description = "Run a cloud of fakes once, for the ahead-of-time cache to be recorded.")
final class Train implements Callable<Integer> {
    @Mixin
    private StateOption state = new StateOption();

    @Option(names = "--port-offset", defaultValue = "31000")
    private int portOffset;

    @Override
    public Integer call() throws IOException {
        Files.createDirectories(state.directory());
        Log.to(state.directory().resolve("log"));
        Settings settings = new Settings()
                .override("cloud.port_offset=" + portOffset)
                .override("compute.driver=fake")
                .override("network.driver=fake");
        try (State owned = State.take(state.directory());
                Cloud cloud = Cloud.start(Role.ALL, owned, settings, false)) {
            new Rehearsal(Files.readString(owned.file("openrc")), state.directory()).run();
            System.out.print(cloud.welcome());
        }
        return 0;
    }
}
