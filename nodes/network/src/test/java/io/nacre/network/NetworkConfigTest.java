package io.nacre.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.config.Bytes;
import io.nacre.config.InvalidSettings;
import io.nacre.config.Settings;
import io.nacre.network.NetworkConfig.Driver;
import io.nacre.network.NetworkConfig.PhysicalNetwork;
import io.nacre.network.NetworkConfig.PortDevice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NetworkConfigTest {
    private static NetworkConfig read(String toml) {
        return new Settings().text("test", toml).section("network", NetworkConfig.defaults());
    }

    @Test
    void defaultsAreThese() {
        assertThat(read(""))
                .isEqualTo(new NetworkConfig(
                        Driver.LINUX,
                        null,
                        null,
                        4789,
                        null,
                        PortDevice.TAP,
                        new NetworkConfig.Dhcp(Duration.ofHours(24), Duration.ofSeconds(2)),
                        new NetworkConfig.Metadata(Bytes.ofKiB(16), Duration.ofSeconds(10), 64),
                        Map.of("public", new PhysicalNetwork(List.of("172.24.4.1/24"), null)),
                        Duration.ZERO));
    }

    @Test
    void everyOptionCanBeSet() {
        NetworkConfig config = read("""
                [network]
                driver = "fake"
                namespace = "cloud-a"
                tunnel_ip = "192.0.2.1"
                tunnel_port = 8472
                tunnel_namespace = "underlay"
                port_device = "veth"
                fake_delay = "5ms"
                [network.dhcp]
                lease_time = "1h"
                check_every = "1s"
                [network.metadata]
                max_request = "8 KiB"
                request_timeout = "2s"
                max_connections = 8
                [network.physical_networks.provider]
                addresses = ["198.51.100.1/24", "2001:db8::1/64"]
                device = "eth1"
                """);
        assertThat(config)
                .isEqualTo(new NetworkConfig(
                        Driver.FAKE,
                        "cloud-a",
                        "192.0.2.1",
                        8472,
                        "underlay",
                        PortDevice.VETH,
                        new NetworkConfig.Dhcp(Duration.ofHours(1), Duration.ofSeconds(1)),
                        new NetworkConfig.Metadata(Bytes.ofKiB(8), Duration.ofSeconds(2), 8),
                        Map.of("provider", new PhysicalNetwork(List.of("198.51.100.1/24", "2001:db8::1/64"), "eth1")),
                        Duration.ofMillis(5)));
    }

    @Test
    void whatCannotWorkIsRefused() {
        for (String line : List.of(
                "tunnel_ip = \"192.0.2.1/24\"",
                "tunnel_ip = \"here\"",
                "tunnel_port = 0",
                "namespace = \"a b\"",
                "fake_delay = \"-1s\"")) {
            assertThatThrownBy(() -> read("[network]\n" + line)).isInstanceOf(InvalidSettings.class);
        }
        assertThatThrownBy(() -> read("[network.physical_networks.\"a b\"]\naddresses = []"))
                .isInstanceOf(InvalidSettings.class);
    }
}
