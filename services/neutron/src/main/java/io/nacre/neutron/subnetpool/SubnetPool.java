package io.nacre.neutron.subnetpool;

import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subnet pool.
 *
 * @param prefixes merged and sorted
 * @param quota how many addresses a project may take (IPv4), or /64 blocks (IPv6); null for any
 * @param scopeId the address scope it belongs to
 */
public record SubnetPool(
        Standard standard,
        String name,
        int version,
        List<Cidr> prefixes,
        int minPrefix,
        int maxPrefix,
        int defaultPrefix,
        @Nullable Integer quota,
        boolean shared,
        boolean isDefault,
        @Nullable String scopeId)
        implements Resource {

    SubnetPool touched(java.time.Instant now) {
        return new SubnetPool(
                standard.changed(now),
                name,
                version,
                prefixes,
                minPrefix,
                maxPrefix,
                defaultPrefix,
                quota,
                shared,
                isDefault,
                scopeId);
    }
}
