package io.nacre.neutron.port;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A port.
 *
 * @param networkProject who owns the network
 * @param status ACTIVE when its host has connected it, else DOWN
 */
public record Port(
        Standard standard,
        String networkId,
        String networkProject,
        String name,
        String mac,
        boolean adminUp,
        String status,
        Device device,
        Binding binding,
        Protection protection,
        Dns dns,
        List<DhcpOption> dhcpOptions,
        List<FixedIp> fixedIps)
        implements Resource {

    /**
     * What uses the port.
     *
     * @param owner such as compute:nova or network:dhcp
     * @param madeForIt whether the port goes when the device goes
     * @param tag the device tag that metadata shows
     * @param since when it was attached; tells the order of a server's ports
     */
    public record Device(
            String id,
            String owner,
            boolean madeForIt,
            @Nullable String tag,
            Instant since) {
        static Device none(Instant now) {
            return new Device("", "", false, null, now);
        }
    }

    /** @param host empty while it is not bound */
    public record Binding(
            String host, String vnicType, String vifType, Map<String, Object> vifDetails, Map<String, Object> profile) {
        public static final Binding NONE = new Binding("", "normal", "unbound", Map.of(), Map.of());
    }

    /** @param enabled false: no anti-spoofing, no filter, and no groups */
    public record Protection(boolean enabled, List<AddressPair> pairs, List<String> groups) {}

    /** @param mac null for the port's own */
    public record AddressPair(String address, @Nullable String mac) {}

    public record Dns(String name, String domain) {}

    public record DhcpOption(String name, @Nullable String value, int version) {}

    public record FixedIp(String subnetId, String address) {}

    public Port with(Standard standard) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    public Port with(Device device) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    public Port with(Binding binding) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    public Port with(Protection protection) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    public Port withFixedIps(List<FixedIp> fixedIps) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    public Port withStatus(String status) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    public Port withMac(String mac) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                protection,
                dns,
                dhcpOptions,
                fixedIps);
    }

    Port on(String networkProject, List<FixedIp> fixedIps, List<String> groups) {
        return new Port(
                standard,
                networkId,
                networkProject,
                name,
                mac,
                adminUp,
                status,
                device,
                binding,
                new Protection(protection.enabled(), protection.pairs(), groups),
                dns,
                dhcpOptions,
                fixedIps);
    }

    /** Ports that Nacre makes and serves itself: routers', DHCP's, floating addresses'. */
    public boolean isInfrastructure() {
        return device.owner().startsWith("network:");
    }

    public boolean isBound() {
        return !binding.host().isEmpty();
    }

    /** The name that goes with an address when nobody chose one. */
    public static String hostname(String address) {
        return "host-" + address.replace('.', '-').replace(':', '-');
    }

    public List<String> addresses() {
        return fixedIps.stream().map(FixedIp::address).toList();
    }
}
