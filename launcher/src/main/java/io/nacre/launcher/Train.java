package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.config.Settings;
import io.nacre.launcher.demo.Rehearsal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "train",
        hidden = true,
        description = "Run a cloud of fakes once, for the ahead-of-time cache to be recorded.")
final class Train implements Callable<Integer> {
    /** Below the ports that clients are given by the system. */
    private static final int FIRST_OFFSET = 11_000;

    private static final int LAST_OFFSET = 20_000;

    @Mixin
    private StateOption state = new StateOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        State.make(state.directory());
        Log.to(state.directory().resolve("log"));
        Settings settings = new Settings()
                .override("cloud.port_offset=" + freeOffset())
                .override("compute.driver=fake")
                .override("network.driver=fake");
        try (State owned = State.take(state.directory());
                Cloud cloud = Cloud.start(Role.ALL, owned, settings, false)) {
            new Rehearsal(Files.readString(owned.file("openrc")), state.directory()).run();
            System.out.print(cloud.welcome());
        }
        return 0;
    }

    /** Nobody knows what else listens here, nor does anybody need to find what runs for half a minute. */
    private static int freeOffset() {
        for (int offset = FIRST_OFFSET; offset < LAST_OFFSET; offset += 7) {
            int candidate = offset;
            if (Endpoint.all().stream().allMatch(endpoint -> isFree(endpoint.port(candidate)))) {
                return candidate;
            }
        }
        throw Fault.unavailable("No free ports for the training run.");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
