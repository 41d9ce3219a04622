package io.nacre.network;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

@Doc("The data plane of this host.")
public record NetworkConfig(
        @Doc("linux builds bridges, tunnels, DHCP and filters; fake only remembers them.")
        Driver driver,

        @Doc("Network namespace that holds the data plane; when not set its name is made from the state directory.")
        @Nullable
        String namespace,

        @Doc("Address of this host on the network between hosts; without it no tunnels are made.") @Nullable
        String tunnelIp,

        @Doc("UDP port of the tunnels (VXLAN).") int tunnelPort,

        @Doc("Network namespace that has tunnel_ip; when not set the agent's own.") @Nullable
        String tunnelNamespace,

        @Doc("What guests are connected to: tap for virtual machines, veth for network namespaces.")
        PortDevice portDevice,

        @Doc("The DHCP services.") Dhcp dhcp,
        @Doc("The metadata service at 169.254.169.254.") Metadata metadata,

        @Doc("Provider networks this host is connected to, by the name networks call them.")
        Map<String, PhysicalNetwork> physicalNetworks,

        @Doc("How long each command of the fake driver takes.")
        Duration fakeDelay) {

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9][a-z0-9-]{0,30}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,10}");

    public enum Driver {
        LINUX,
        FAKE
    }

    public enum PortDevice {
        TAP,
        VETH
    }

    public record Dhcp(
            @Doc("How long an address is lent; a guest asks again after half of it.")
            Duration leaseTime,

            @Doc("How often the services are looked after; one that died is started again.")
            Duration checkEvery) {
        public Dhcp {
            require(leaseTime.toSeconds() >= 120, "lease_time must be at least 2m");
            require(checkEvery.toMillis() >= 50, "check_every must be at least 50ms");
        }
    }

    public record Metadata(
            @Doc("Largest request line and headers, and largest body.")
            Bytes maxRequest,

            @Doc("How long a guest may take to send its request, and then to read the answer.")
            Duration requestTimeout,

            @Doc("Requests served at once in one network; more have to wait.")
            int maxConnections) {
        public Metadata {
            require(maxRequest.count() >= 512 && maxRequest.count() <= 1 << 20, "max_request must be 512 B to 1 MiB");
            require(requestTimeout.isPositive(), "request_timeout must be positive");
            require(maxConnections > 0, "max_connections must be positive");
        }
    }

    public record PhysicalNetwork(
            @Doc("Addresses the data plane's namespace itself has on it, with prefix lengths. For a network without"
                    + " a device this is the gateway of its subnet, and the way from the host to guests.")
            List<String> addresses,

            @Doc("Device of the host that leads to it; it is moved into the data plane's namespace.") @Nullable
            String device) {
        public PhysicalNetwork {
            addresses = List.copyOf(addresses);
            addresses.forEach(Cidr::parse);
        }
    }

    public NetworkConfig {
        require(namespace == null || NAMESPACE.matcher(namespace).matches(), "namespace: 1 to 31 of a-z 0-9 and -");
        require(tunnelPort > 0 && tunnelPort < 65536, "tunnel_port is not a port");
        if (tunnelIp != null) {
            require(Cidr.parse(tunnelIp).isSingle(), "tunnel_ip is one address without a prefix length");
        }
        require(!fakeDelay.isNegative(), "fake_delay is not negative");
        physicalNetworks = Map.copyOf(physicalNetworks);
        physicalNetworks
                .keySet()
                .forEach(name -> require(
                        NAME.matcher(name).matches(),
                        "physical_networks: the name '" + name + "' is not 1 to 11 of letters, digits, - and _"));
    }

    /** One host by itself, with a provider network called public that its namespace can reach. */
    public static NetworkConfig defaults() {
        return new NetworkConfig(
                Driver.LINUX,
                null,
                null,
                4789,
                null,
                PortDevice.TAP,
                new Dhcp(Duration.ofHours(24), Duration.ofSeconds(2)),
                new Metadata(Bytes.ofKiB(16), Duration.ofSeconds(10), 64),
                Map.of("public", new PhysicalNetwork(List.of("172.24.4.1/24"), null)),
                Duration.ZERO);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
