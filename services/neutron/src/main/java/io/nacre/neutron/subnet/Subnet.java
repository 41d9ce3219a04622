package io.nacre.neutron.subnet;

import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.address.Range;
import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subnet.
 *
 * @param networkProject who owns the network
 * @param networkShared whether everybody may use the network
 * @param poolId the subnet pool it was taken from
 */
public record Subnet(
        Standard standard,
        String networkId,
        String networkProject,
        boolean networkShared,
        String name,
        Cidr cidr,
        @Nullable String gateway,
        boolean dhcp,
        List<Pool> pools,
        List<String> dnsServers,
        List<Route> routes,
        @Nullable String raMode,
        @Nullable String addressMode,
        @Nullable String poolId,
        List<String> serviceTypes,
        boolean dnsPublish)
        implements Resource {

    public record Pool(String start, String end) {
        public Range range() {
            return Range.of(start, end);
        }

        static Pool of(Range range) {
            return new Pool(range.start(), range.end());
        }
    }

    public record Route(String destination, String nexthop) {}

    public int version() {
        return cidr.version();
    }

    public List<Range> ranges() {
        return pools.stream().map(Pool::range).toList();
    }

    /** Whether a port's address follows from its MAC address instead of being chosen. */
    public boolean isAutoAddressed() {
        return "slaac".equals(addressMode) || "dhcpv6-stateless".equals(addressMode);
    }

    Subnet on(String networkProject, boolean networkShared) {
        return new Subnet(
                standard,
                networkId,
                networkProject,
                networkShared,
                name,
                cidr,
                gateway,
                dhcp,
                pools,
                dnsServers,
                routes,
                raMode,
                addressMode,
                poolId,
                serviceTypes,
                dnsPublish);
    }
}
