package io.nacre.neutron.securitygroup;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The security groups as the Compute service of the same controller passes them through. */
public final class SecurityGroupPeer implements io.nacre.contracts.peer.SecurityGroups {
    private final SecurityGroups groups;
    private final Ids ids;
    private final InstantSource clock;

    public SecurityGroupPeer(SecurityGroups groups, Ids ids, InstantSource clock) {
        this.groups = groups;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public List<Group> list(Tx tx, Caller caller, @Nullable String project) {
        SecurityGroupStore store = groups.store();
        if (project == null) {
            return shown(tx, store.where(tx, DSL.noCondition()));
        }
        groups.defaultOf(tx, project);
        return shown(tx, store.where(tx, store.project().eq(project)));
    }

    @Override
    public List<Group> all(Tx tx, Collection<String> groupIds) {
        return shown(tx, groups.store().findAll(tx, groupIds));
    }

    @Override
    public Group require(Tx tx, Caller caller, String id) {
        return shown(tx, List.of(visible(tx, caller, id))).getFirst();
    }

    @Override
    public Group create(Tx tx, Caller caller, String name, String description) {
        Standard standard = Standard.fresh(ids.uuid(), caller.requireProject(), description, clock.instant());
        SecurityGroup made = groups.create(tx, new SecurityGroup(standard, name, true, false, List.of()));
        return require(tx, caller, made.id());
    }

    @Override
    public Group update(Tx tx, Caller caller, String id, String name, String description) {
        SecurityGroup present = own(tx, caller, id);
        groups.update(
                tx,
                present,
                new SecurityGroup(
                        present.standard().changed(description, clock.instant()),
                        name,
                        present.stateful(),
                        present.shared(),
                        present.rules()));
        return require(tx, caller, id);
    }

    @Override
    public void delete(Tx tx, Caller caller, String id) {
        groups.delete(tx, own(tx, caller, id), caller.isAdmin());
    }

    @Override
    public Rule requireRule(Tx tx, Caller caller, String id) {
        return shown(tx, visibleRule(tx, caller, id));
    }

    private Rule shown(Tx tx, SecurityRule rule) {
        String remote = rule.remoteGroupId();
        return shown(rule, remote == null ? Map.of() : groups.store().names(tx, List.of(remote)));
    }

    @Override
    public Rule createRule(Tx tx, Caller caller, Ingress wanted) {
        SecurityGroup group = own(tx, caller, wanted.groupId());
        String cidr = wanted.cidr();
        boolean six = cidr != null && Cidr.of(cidr).version() == 6;
        SecurityRule rule = new SecurityRule(
                Standard.fresh(ids.uuid(), caller.requireProject(), "", clock.instant()),
                group.id(),
                group.projectId(),
                group.stateful(),
                "ingress",
                six ? "IPv6" : "IPv4",
                wanted.protocol(),
                wanted.fromPort(),
                wanted.toPort(),
                cidr,
                wanted.remoteGroupId());
        SecurityRuleCheck.all(rule);
        return shown(tx, groups.createRule(tx, rule));
    }

    @Override
    public void deleteRule(Tx tx, Caller caller, String id) {
        SecurityRule rule = visibleRule(tx, caller, id);
        own(tx, caller, rule.groupId());
        groups.deleteRule(tx, rule);
    }

    private SecurityRule visibleRule(Tx tx, Caller caller, String id) {
        SecurityRuleStore rules = groups.store().rules();
        return rules.find(tx, id)
                .filter(rule -> caller.isAdmin() || rule.groupProject().equals(caller.projectId()))
                .orElseThrow(() -> rules.missing(id));
    }

    private SecurityGroup visible(Tx tx, Caller caller, String id) {
        SecurityGroupStore store = groups.store();
        if (caller.isAdmin()) {
            return store.require(tx, id);
        }
        return store.where(tx, store.id().eq(id).and(store.usableBy(caller.requireProject()))).stream()
                .findFirst()
                .orElseThrow(() -> store.missing(id));
    }

    private SecurityGroup own(Tx tx, Caller caller, String id) {
        SecurityGroup group = visible(tx, caller, id);
        if (!caller.isAdmin() && !group.projectId().equals(caller.projectId())) {
            throw NeutronFault.forbidden("update_security_group");
        }
        return group;
    }

    private List<Group> shown(Tx tx, List<SecurityGroup> found) {
        List<String> remote = found.stream()
                .flatMap(group -> group.rules().stream())
                .map(SecurityRule::remoteGroupId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        Map<String, GroupName> names = groups.store().names(tx, remote);
        return found.stream()
                .map(group -> new Group(
                        group.id(),
                        group.name(),
                        group.standard().description(),
                        group.projectId(),
                        group.rules().stream()
                                .filter(SecurityRule::ingress)
                                .map(rule -> shown(rule, names))
                                .toList()))
                .toList();
    }

    private static Rule shown(SecurityRule rule, Map<String, GroupName> names) {
        String remote = rule.remoteGroupId();
        return new Rule(
                rule.id(),
                rule.groupId(),
                rule.protocol(),
                rule.portMin(),
                rule.portMax(),
                rule.remotePrefix(),
                remote == null ? null : names.get(remote));
    }
}
