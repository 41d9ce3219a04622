package io.nacre.launcher;

import io.nacre.base.Fault;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.network.Network;
import io.nacre.network.NetworkConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "purge",
        mixinStandardHelpOptions = true,
        description =
                "End every guest of a stopped cloud and remove its network namespaces; the database and the images stay.")
final class Purge implements Callable<Integer> {
    @Mixin
    private StateOption state = new StateOption();

    @Override
    public Integer call() throws IOException {
        Path directory = state.directory();
        Log.to(directory.resolve("log"));
        try (State owned = State.take(directory)) {
            Path agent = owned.file("agent");
            try (Compute compute =
                    Compute.start(ComputeConfig.DEFAULTS, agent, "localhost", InstantSource.system(), event -> {})) {
                compute.guests().guests().forEach(guest -> compute.destroy(new ComputeNode.GuestRef(guest.guestId())));
            }
            MetadataSource nobody = query -> {
                throw Fault.unavailable("The cloud is being taken down.");
            };
            try (Network network = Network.start(NetworkConfig.defaults(), agent, "localhost", nobody)) {
                network.purge();
            }
        }
        System.out.println("No guest and no network of this cloud is left on this host.");
        return 0;
    }
}
