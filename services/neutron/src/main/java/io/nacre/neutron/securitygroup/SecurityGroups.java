package io.nacre.neutron.securitygroup;

import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Making, changing and removing security groups and their rules. */
public final class SecurityGroups {
    private static final String DEFAULT = "default";

    /** Hears in the transaction of the change that the filters of ports in these groups look different now. */
    @FunctionalInterface
    public interface Listener {
        void changed(Tx tx, Collection<String> groupIds);
    }

    private final SecurityGroupStore groups;
    private final ProjectQuotas quotas;
    private final Ids ids;
    private final InstantSource clock;
    private final List<Listener> listeners = new ArrayList<>();

    public SecurityGroups(SecurityGroupStore groups, ProjectQuotas quotas, Ids ids, InstantSource clock) {
        this.groups = groups;
        this.quotas = quotas;
        this.ids = ids;
        this.clock = clock;
    }

    public void tell(Listener listener) {
        listeners.add(listener);
    }

    public SecurityGroupStore store() {
        return groups;
    }

    /** The project's default group, made now if need be; it counts against no limit but is counted. */
    public String defaultOf(Tx tx, String project) {
        Optional<String> present = groups.defaultOf(tx, project);
        if (present.isPresent()) {
            return present.get();
        }
        quotas.take(tx, project, "security_group");
        String id = ids.uuid();
        groups.setDefault(tx, project, id);
        groups.insert(
                tx,
                new SecurityGroup(
                        Standard.fresh(id, project, "Default security group", clock.instant()),
                        DEFAULT,
                        true,
                        false,
                        List.of()));
        for (String ethertype : List.of("IPv4", "IPv6")) {
            insertRule(tx, id, project, "ingress", ethertype, id);
            insertRule(tx, id, project, "egress", ethertype, null);
        }
        return id;
    }

    boolean hasDefault(Tx tx, String project) {
        return groups.defaultOf(tx, project).isPresent();
    }

    private void insertRule(
            Tx tx, String group, String project, String direction, String ethertype, @Nullable String remoteGroup) {
        quotas.take(tx, project, "security_group_rule");
        groups.rules()
                .insert(
                        tx,
                        new SecurityRule(
                                Standard.fresh(ids.uuid(), project, "", clock.instant()),
                                group,
                                project,
                                true,
                                direction,
                                ethertype,
                                null,
                                null,
                                null,
                                null,
                                remoteGroup));
    }

    SecurityGroup create(Tx tx, SecurityGroup group) {
        defaultOf(tx, group.projectId());
        if (group.name().equalsIgnoreCase(DEFAULT)) {
            throw NeutronFault.conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
        }
        quotas.take(tx, group.projectId(), "security_group");
        groups.insert(tx, group);
        insertRule(tx, group.id(), group.projectId(), "egress", "IPv4", null);
        insertRule(tx, group.id(), group.projectId(), "egress", "IPv6", null);
        return group;
    }

    SecurityGroup update(Tx tx, SecurityGroup present, SecurityGroup changed) {
        boolean renamed = !present.name().equals(changed.name());
        if (renamed && isDefault(tx, present)) {
            throw NeutronFault.conflict(
                    "SecurityGroupCannotUpdateDefault", "Updating default security group not allowed.");
        }
        if (renamed && changed.name().equalsIgnoreCase(DEFAULT)) {
            throw NeutronFault.conflict("SecurityGroupDefaultAlreadyExists", "Default security group already exists.");
        }
        if (present.stateful() != changed.stateful()) {
            requireUnused(tx, present);
        }
        return groups.update(tx, changed);
    }

    private boolean isDefault(Tx tx, SecurityGroup group) {
        return groups.defaultOf(tx, group.projectId()).equals(Optional.of(group.id()));
    }

    private void requireUnused(Tx tx, SecurityGroup group) {
        if (groups.isInUse(tx, group.id())) {
            throw NeutronFault.conflict("SecurityGroupInUse", "Security Group " + group.id() + " in use.");
        }
    }

    void delete(Tx tx, SecurityGroup group, boolean admin) {
        requireUnused(tx, group);
        if (isDefault(tx, group)) {
            if (!admin) {
                throw NeutronFault.conflict(
                        "SecurityGroupCannotRemoveDefault", "Insufficient rights for removing default security group.");
            }
            groups.unsetDefault(tx, group.id());
        }
        for (SecurityRule rule : group.rules()) {
            quotas.give(tx, rule.projectId(), "security_group_rule");
        }
        for (SecurityRule rule :
                groups.rules().where(tx, groups.rules().remoteGroup.eq(group.id()))) {
            if (!rule.groupId().equals(group.id())) {
                deleteRule(tx, rule);
            }
        }
        groups.delete(tx, group);
        quotas.give(tx, group.projectId(), "security_group");
    }

    /** Faults with CONFLICT when the group has such a rule already. */
    SecurityRule createRule(Tx tx, SecurityRule rule) {
        SecurityGroup group = groups.require(tx, rule.groupId());
        String remote = rule.remoteGroupId();
        if (remote != null) {
            groups.require(tx, remote);
        }
        for (SecurityRule other : group.rules()) {
            if (isSame(other, rule)) {
                throw NeutronFault.conflict(
                        "SecurityGroupRuleExists",
                        "Security group rule already exists. Rule id is " + other.id() + ".");
            }
        }
        quotas.take(tx, rule.projectId(), "security_group_rule");
        groups.rules().insert(tx, rule);
        groups.touch(tx, group.id(), clock.instant());
        listeners.forEach(listener -> listener.changed(tx, List.of(group.id())));
        return rule;
    }

    private static boolean isSame(SecurityRule a, SecurityRule b) {
        return a.direction().equals(b.direction())
                && a.ethertype().equals(b.ethertype())
                && Objects.equals(a.protocol(), b.protocol())
                && Objects.equals(a.portMin(), b.portMin())
                && Objects.equals(a.portMax(), b.portMax())
                && Objects.equals(anywhere(a), anywhere(b))
                && Objects.equals(a.remoteGroupId(), b.remoteGroupId());
    }

    /** The block of all addresses is the same as none. */
    private static @Nullable String anywhere(SecurityRule rule) {
        String prefix = rule.remotePrefix();
        return prefix != null && prefix.endsWith("/0") ? null : prefix;
    }

    void deleteRule(Tx tx, SecurityRule rule) {
        groups.rules().delete(tx, rule);
        quotas.give(tx, rule.projectId(), "security_group_rule");
        groups.touch(tx, rule.groupId(), clock.instant());
        listeners.forEach(listener -> listener.changed(tx, List.of(rule.groupId())));
    }
}
