package io.nacre.neutron.floatingip;

import io.nacre.neutron.port.Port;
import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import org.jspecify.annotations.Nullable;

/**
 * A floating address.
 *
 * @param floatingPortId the port that holds the address on the external network
 * @param status ACTIVE when a router translates it, else DOWN
 * @param target where it leads; null while it is not associated
 */
public record FloatingIp(
        Standard standard,
        String networkId,
        String address,
        String floatingPortId,
        String status,
        @Nullable Target target,
        Port.Dns dns)
        implements Resource {

    /** @param port as it is now; null when it was not looked up */
    public record Target(
            String portId,
            String fixedAddress,
            String routerId,
            @Nullable Port port) {}

    FloatingIp with(Standard standard, String status, @Nullable Target target) {
        return new FloatingIp(standard, networkId, address, floatingPortId, status, target, dns);
    }
}
