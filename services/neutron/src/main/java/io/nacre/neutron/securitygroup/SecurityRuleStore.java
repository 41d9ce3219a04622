package io.nacre.neutron.securitygroup;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import org.jooq.Record;

/** The rules of security groups. */
public final class SecurityRuleStore extends ResourceStore<SecurityRule> {
    private static final Columns GROUP = Columns.of("neutron_security_group");
    private static final Field<String> GROUP_ID = GROUP.text("id");
    private static final Field<String> GROUP_PROJECT = GROUP.text("project_id");
    private static final Field<Boolean> GROUP_STATEFUL = GROUP.bool("stateful");

    final Field<String> group = bind(columns().text("group_id"), SecurityRule::groupId);
    final Field<String> direction = bind(columns().text("direction"), SecurityRule::direction);
    final Field<String> ethertype = bind(columns().text("ethertype"), SecurityRule::ethertype);
    final Field<String> protocol = bind(columns().text("protocol"), SecurityRule::protocol);
    final Field<Integer> portMin = bind(columns().integer("port_min"), SecurityRule::portMin);
    final Field<Integer> portMax = bind(columns().integer("port_max"), SecurityRule::portMax);
    final Field<String> remotePrefix = bind(columns().text("remote_prefix"), SecurityRule::remotePrefix);
    final Field<String> remoteGroup = bind(columns().text("remote_group_id"), SecurityRule::remoteGroupId);

    public SecurityRuleStore() {
        super("Security group rule", "neutron_security_rule");
    }

    @Override
    public RuntimeException missing(String id) {
        return io.nacre.neutron.NeutronFault.notFound(
                "SecurityGroupRuleNotFound", "Security group rule " + id + " does not exist");
    }

    public List<SecurityRule> of(Tx tx, Collection<String> groups) {
        return groups.isEmpty() ? List.of() : where(tx, group.in(groups));
    }

    /** Groups that have a rule which refers to this one. */
    public List<String> referring(Tx tx, Collection<String> groups) {
        return groups.isEmpty()
                ? List.of()
                : Sql.in(tx)
                        .selectDistinct(group)
                        .from(columns().table())
                        .where(remoteGroup.in(groups))
                        .fetch(group);
    }

    @Override
    protected SecurityRule of(Record row, Standard standard) {
        return new SecurityRule(
                standard,
                row.get(group),
                "",
                true,
                row.get(direction),
                row.get(ethertype),
                row.get(protocol),
                row.get(portMin),
                row.get(portMax),
                row.get(remotePrefix),
                row.get(remoteGroup));
    }

    @Override
    protected List<SecurityRule> complete(Tx tx, List<SecurityRule> plain) {
        List<String> ids = plain.stream().map(SecurityRule::groupId).distinct().toList();
        Map<String, Record> owners = new HashMap<>();
        Sql.in(tx)
                .select(GROUP.all())
                .from(GROUP.table())
                .where(GROUP_ID.in(ids))
                .forEach(row -> owners.put(row.get(GROUP_ID), row));
        return plain.stream()
                .map(rule -> {
                    Record owner = owners.get(rule.groupId());
                    return owner == null ? rule : rule.in(owner.get(GROUP_PROJECT), owner.get(GROUP_STATEFUL));
                })
                .toList();
    }
}
