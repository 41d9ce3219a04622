package io.nacre.neutron.securitygroup;

import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.SecurityGroups.GroupName;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.network.ShareStore;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** Security groups, and which of them is a project's default. */
public final class SecurityGroupStore extends ResourceStore<SecurityGroup> {
    private static final Columns DEFAULT = Columns.of("neutron_default_group");
    private static final Field<String> DEFAULT_PROJECT = DEFAULT.text("project_id");
    private static final Field<String> DEFAULT_GROUP = DEFAULT.text("group_id");

    private static final Columns MEMBER = Columns.of("neutron_port_group");
    private static final Field<String> MEMBER_GROUP = MEMBER.text("group_id");

    final Field<String> name = bind(columns().text("name"), SecurityGroup::name);
    final Field<Boolean> stateful = bind(columns().bool("stateful"), SecurityGroup::stateful);

    private final SecurityRuleStore rules;
    private final ShareStore shares;

    public SecurityGroupStore(SecurityRuleStore rules, ShareStore shares) {
        super("Security group", "neutron_security_group");
        this.rules = rules;
        this.shares = shares;
    }

    @Override
    public RuntimeException missing(String id) {
        return NeutronFault.notFound("SecurityGroupNotFound", "Security group " + id + " does not exist");
    }

    public SecurityRuleStore rules() {
        return rules;
    }

    /** Groups the project may give to its ports. */
    public Condition usableBy(String project) {
        return project().eq(project).or(id().in(shares.sharedWith(project)));
    }

    Condition shared(boolean wanted) {
        Condition shared = id().in(shares.sharedWith("*"));
        return wanted ? shared : DSL.not(shared);
    }

    /** By name or identifier, among those the project may use. */
    public List<SecurityGroup> named(Tx tx, String project, String nameOrId) {
        return where(tx, usableBy(project).and(id().eq(nameOrId).or(name.eq(nameOrId))));
    }

    /** What these groups are called, without a look at their rules. */
    public Map<String, GroupName> names(Tx tx, Collection<String> ids) {
        return Sql.in(tx)
                .select(id(), name, project())
                .from(table())
                .where(id().in(ids))
                .fetchMap(id(), row -> new GroupName(row.get(id()), row.get(name), row.get(project())));
    }

    boolean isInUse(Tx tx, String groupId) {
        return Sql.in(tx).fetchExists(DSL.selectOne().from(MEMBER.table()).where(MEMBER_GROUP.eq(groupId)));
    }

    Optional<String> defaultOf(Tx tx, String project) {
        return Sql.in(tx)
                .select(DEFAULT_GROUP)
                .from(DEFAULT.table())
                .where(DEFAULT_PROJECT.eq(project))
                .fetchOptional(DEFAULT_GROUP);
    }

    /** Claims the place of the project's default group; a lost race when somebody else did just now. */
    void setDefault(Tx tx, String project, String groupId) {
        int inserted = Sql.in(tx)
                .insertInto(DEFAULT.table())
                .set(DEFAULT_PROJECT, project)
                .set(DEFAULT_GROUP, groupId)
                .onConflictDoNothing()
                .execute();
        if (inserted == 0) {
            throw new LostRace("default security group of " + project);
        }
    }

    void unsetDefault(Tx tx, String groupId) {
        Sql.in(tx).deleteFrom(DEFAULT.table()).where(DEFAULT_GROUP.eq(groupId)).execute();
    }

    @Override
    protected SecurityGroup of(Record row, Standard standard) {
        return new SecurityGroup(standard, row.get(name), row.get(stateful), false, List.of());
    }

    @Override
    protected List<SecurityGroup> complete(Tx tx, List<SecurityGroup> plain) {
        Collection<String> ids = plain.stream().map(SecurityGroup::id).toList();
        Map<String, List<SecurityRule>> byGroup =
                rules.of(tx, ids).stream().collect(Collectors.groupingBy(SecurityRule::groupId));
        Map<String, Set<String>> shared = shares.of(tx, ids);
        return plain.stream()
                .map(group -> group.with(
                        shared.getOrDefault(group.id(), Set.of()).contains("*"),
                        byGroup.getOrDefault(group.id(), List.of())))
                .toList();
    }

    @Override
    protected void deleteParts(Tx tx, SecurityGroup group) {
        group.rules().forEach(rule -> rules.delete(tx, rule));
        shares.clear(tx, group.id());
    }
}
