package io.nacre.nova;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.SecurityGroups;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Security groups in memory; each belongs to who made it. */
final class FakeSecurityGroups implements SecurityGroups {
    static final GroupName DEFAULT = new GroupName("85cc3048-abc3-43cc-89b3-377341426ac5", "default", "p1");

    private final Map<String, Group> groups = new LinkedHashMap<>();

    FakeSecurityGroups() {
        groups.put(DEFAULT.id(), new Group(DEFAULT.id(), "default", "Default security group", "p1", List.of()));
    }

    @Override
    public synchronized List<Group> list(Tx tx, Caller caller, @Nullable String project) {
        return groups.values().stream()
                .filter(group -> project == null || group.projectId().equals(project))
                .toList();
    }

    @Override
    public synchronized List<Group> all(Tx tx, Collection<String> ids) {
        return groups.values().stream()
                .filter(group -> ids.contains(group.id()))
                .toList();
    }

    @Override
    public synchronized Group require(Tx tx, Caller caller, String id) {
        Group found = groups.get(id);
        if (found == null || !(caller.isAdmin() || found.projectId().equals(caller.projectId()))) {
            throw Fault.notFound("Security group " + id + " does not exist");
        }
        return found;
    }

    @Override
    public synchronized Group create(Tx tx, Caller caller, String name, String description) {
        if (name.equals("default")) {
            throw Fault.conflict("Default security group already exists.");
        }
        return put(new Group(UUID.randomUUID().toString(), name, description, caller.requireProject(), List.of()));
    }

    private Group put(Group group) {
        groups.put(group.id(), group);
        return group;
    }

    @Override
    public synchronized Group update(Tx tx, Caller caller, String id, String name, String description) {
        Group present = require(tx, caller, id);
        return put(new Group(id, name, description, present.projectId(), present.rules()));
    }

    @Override
    public synchronized void delete(Tx tx, Caller caller, String id) {
        if (require(tx, caller, id).name().equals("default")) {
            throw Fault.conflict("Insufficient rights for removing default security group.");
        }
        groups.remove(id);
    }

    @Override
    public synchronized Rule requireRule(Tx tx, Caller caller, String id) {
        return groups.values().stream()
                .flatMap(group -> group.rules().stream())
                .filter(rule -> rule.id().equals(id))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Security group rule " + id + " does not exist"));
    }

    @Override
    public synchronized Rule createRule(Tx tx, Caller caller, Ingress wanted) {
        Group group = require(tx, caller, wanted.groupId());
        String remote = wanted.remoteGroupId();
        Group source = remote == null ? null : groups.get(remote);
        Rule rule = new Rule(
                UUID.randomUUID().toString(),
                group.id(),
                wanted.protocol(),
                wanted.fromPort(),
                wanted.toPort(),
                wanted.cidr(),
                source == null ? null : new GroupName(source.id(), source.name(), source.projectId()));
        List<Rule> rules = new ArrayList<>(group.rules());
        rules.add(rule);
        put(new Group(group.id(), group.name(), group.description(), group.projectId(), rules));
        return rule;
    }

    @Override
    public synchronized void deleteRule(Tx tx, Caller caller, String id) {
        Rule rule = requireRule(tx, caller, id);
        Group group = require(tx, caller, rule.groupId());
        List<Rule> rules = new ArrayList<>(group.rules());
        rules.remove(rule);
        put(new Group(group.id(), group.name(), group.description(), group.projectId(), rules));
    }
}
