package io.nacre.neutron.port;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

    /** This port but for what is set here. */
    private final class Change {
        private Standard standard = Port.this.standard;
        private String networkProject = Port.this.networkProject;
        private String mac = Port.this.mac;
        private String status = Port.this.status;
        private Device device = Port.this.device;
        private Binding binding = Port.this.binding;
        private Protection protection = Port.this.protection;
        private List<FixedIp> fixedIps = Port.this.fixedIps;
    }

    private Port changed(Consumer<Change> setting) {
        Change to = new Change();
        setting.accept(to);
        return new Port(
                to.standard,
                networkId,
                to.networkProject,
                name,
                to.mac,
                adminUp,
                to.status,
                to.device,
                to.binding,
                to.protection,
                dns,
                dhcpOptions,
                to.fixedIps);
    }

    public Port with(Standard standard) {
        return changed(to -> to.standard = standard);
    }

    public Port with(Device device) {
        return changed(to -> to.device = device);
    }

    public Port with(Binding binding) {
        return changed(to -> to.binding = binding);
    }

    public Port with(Protection protection) {
        return changed(to -> to.protection = protection);
    }

    public Port withFixedIps(List<FixedIp> fixedIps) {
        return changed(to -> to.fixedIps = fixedIps);
    }

    public Port withStatus(String status) {
        return changed(to -> to.status = status);
    }

    public Port withMac(String mac) {
        return changed(to -> to.mac = mac);
    }

    Port on(String networkProject, List<FixedIp> fixedIps, List<String> groups) {
        return changed(to -> {
            to.networkProject = networkProject;
            to.fixedIps = fixedIps;
            to.protection = new Protection(protection.enabled(), protection.pairs(), groups);
        });
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
