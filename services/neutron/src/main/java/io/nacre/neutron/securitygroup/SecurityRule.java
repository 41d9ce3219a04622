package io.nacre.neutron.securitygroup;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;
import org.jspecify.annotations.Nullable;

/**
 * One kind of traffic that a group allows.
 *
 * @param groupProject who owns the group
 * @param stateful whether the group lets answers through without a rule
 * @param direction ingress or egress
 * @param ethertype IPv4 or IPv6
 * @param protocol name or number; null for any
 * @param portMin first port, or ICMP type
 * @param portMax last port, or ICMP code
 * @param remotePrefix where the traffic comes from or goes to
 * @param remoteGroupId the group whose ports it comes from or goes to
 */
public record SecurityRule(
        Standard standard,
        String groupId,
        String groupProject,
        boolean stateful,
        String direction,
        String ethertype,
        @Nullable String protocol,
        @Nullable Integer portMin,
        @Nullable Integer portMax,
        @Nullable String remotePrefix,
        @Nullable String remoteGroupId)
        implements Resource {

    public boolean ingress() {
        return direction.equals("ingress");
    }

    SecurityRule in(String groupProject, boolean stateful) {
        return new SecurityRule(
                standard,
                groupId,
                groupProject,
                stateful,
                direction,
                ethertype,
                protocol,
                portMin,
                portMax,
                remotePrefix,
                remoteGroupId);
    }
}
