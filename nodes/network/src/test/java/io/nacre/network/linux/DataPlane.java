package io.nacre.network.linux;

import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.DeviceNames;
import io.nacre.network.Network;
import io.nacre.network.NetworkConfig;
import io.nacre.network.NetworkConfig.PortDevice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An agent whose ports are connected to guests that are network namespaces. */
final class DataPlane implements AutoCloseable {
    final Tools tools = new Tools();
    final Queue<MetadataSource.Query> queries = new ConcurrentLinkedQueue<>();

    private final NetworkConfig config;
    private final Path directory;
    private final List<Guest> guests = new ArrayList<>();
    private Network network;

    DataPlane(NetworkConfig config, Path directory) {
        this.config = config;
        this.directory = directory;
        this.network = start();
    }

    static DataPlane start(Path directory) {
        Kernel.assumeRoot();
        return new DataPlane(config(null, null), directory);
    }

    static NetworkConfig config(@Nullable String tunnelIp, @Nullable String tunnelNamespace) {
        NetworkConfig base = NetworkConfig.defaults();
        return new NetworkConfig(
                base.driver(),
                null,
                tunnelIp,
                base.tunnelPort(),
                tunnelNamespace,
                PortDevice.VETH,
                new NetworkConfig.Dhcp(Duration.ofHours(1), Duration.ofMillis(100)),
                base.metadata(),
                base.physicalNetworks(),
                base.fakeDelay());
    }

    private Network start() {
        return Network.start(config, directory.resolve("state"), "test", query -> {
            queries.add(query);
            byte[] body = ("you are " + query.sourceAddress() + "\n").getBytes(StandardCharsets.UTF_8);
            return new MetadataSource.Answer(200, "text/plain", body);
        });
    }

    Network network() {
        return network;
    }

    String namespace() {
        return Objects.requireNonNull(network.report().namespace());
    }

    void restart() {
        network.close();
        network = start();
    }

    /** Declares the port and connects a guest to it, which has no address yet. */
    Guest plug(PortSpec port) {
        network.applyPort(port);
        Guest guest = new Guest(tools, namespace(), port, directory);
        guests.add(guest);
        return guest;
    }

    /** The same, with the port's addresses set by hand, /24 and /64. */
    Guest boot(PortSpec port) {
        Guest guest = plug(port);
        port.addresses().forEach(address -> guest.address(address + (address.indexOf(':') < 0 ? "/24" : "/64")));
        return guest;
    }

    /** The pid of a network's DHCP process; while it is started anew there is none for a moment. */
    long dhcpProcess(String networkId) throws Exception {
        Path file = runDirectory().resolve("dhcp").resolve(networkId).resolve("pid");
        AtomicLong pid = new AtomicLong();
        Wait.until("a file with its pid", () -> {
            pid.set(pidIn(file));
            return pid.get() > 0;
        });
        return pid.get();
    }

    private static long pidIn(Path file) throws IOException {
        try {
            String text = Files.readString(file).strip();
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    Path runDirectory() {
        return Path.of("/run", DeviceNames.runFolder(directory.resolve("state"), "test"));
    }

    @Override
    public void close() {
        guests.forEach(Guest::close);
        network.purge();
        network.close();
    }
}
