package io.nacre.contracts.peer;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The security groups of neutron, as the Compute API up to 2.35 passes them through. Faults with {@code NotFound} for
 * what the caller may not see, with {@code Forbidden} for what it may see but not change.
 */
public interface SecurityGroups {

    /** The groups of a project, which has a default one afterwards; null for those of all projects. */
    List<Group> list(Tx tx, Caller caller, @Nullable String project);

    /** Those of these groups that are there. */
    List<Group> all(Tx tx, Collection<String> ids);

    Group require(Tx tx, Caller caller, String id);

    Group create(Tx tx, Caller caller, String name, String description);

    Group update(Tx tx, Caller caller, String id, String name, String description);

    /** Faults with {@code Conflict} for a group that a port has. */
    void delete(Tx tx, Caller caller, String id);

    Rule requireRule(Tx tx, Caller caller, String id);

    /** Lets traffic in; the rule is for IPv6 when its block of addresses is. */
    Rule createRule(Tx tx, Caller caller, Ingress wanted);

    void deleteRule(Tx tx, Caller caller, String id);

    /** @param rules those for incoming traffic */
    record Group(String id, String name, String description, String projectId, List<Rule> rules) {}

    /**
     * A rule for incoming traffic.
     *
     * @param protocol null for any
     * @param cidr where the traffic comes from; null for anywhere
     * @param remoteGroup the group whose ports the traffic comes from
     */
    record Rule(
            String id,
            String groupId,
            @Nullable String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable String cidr,
            @Nullable GroupName remoteGroup) {}

    record GroupName(String id, String name, String projectId) {

        /** The name; the id of a group without one. */
        public String shown() {
            return name.isEmpty() ? id : name;
        }
    }

    /**
     * A rule that is wanted.
     *
     * @param cidr null when a group is named
     */
    record Ingress(
            String groupId,
            @Nullable String protocol,
            @Nullable Integer fromPort,
            @Nullable Integer toPort,
            @Nullable String cidr,
            @Nullable String remoteGroupId) {}
}
