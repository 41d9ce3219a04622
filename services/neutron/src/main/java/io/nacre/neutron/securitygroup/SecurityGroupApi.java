package io.nacre.neutron.securitygroup;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.List;
import org.jooq.Condition;

/** API reference "Security groups". */
public final class SecurityGroupApi extends ResourceApi<SecurityGroup> {
    private final SecurityGroups groups;
    private final Ids ids;
    private final InstantSource clock;

    public SecurityGroupApi(Wiring wiring, SecurityGroups groups, SecurityRuleApi rules, Ids ids, InstantSource clock) {
        super(wiring, attributes(groups.store(), rules), groups.store(), Guard.Rules.OWNER);
        this.groups = groups;
        this.ids = ids;
        this.clock = clock;
    }

    static Attributes<SecurityGroup> attributes(SecurityGroupStore store, SecurityRuleApi rules) {
        Attributes<SecurityGroup> table = Attributes.of("security_group", "security_groups", store);
        return table.add(Attribute.of("name", SecurityGroup::name)
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.name))
                .add(Attribute.of("stateful", SecurityGroup::stateful)
                        .check(Checks.BOOLEAN)
                        .create(true)
                        .update()
                        .column(store.stateful))
                .add(Attribute.<SecurityGroup>of("shared", SecurityGroup::shared)
                        .filter(values -> store.shared(values.getLast().equalsIgnoreCase("true"))))
                .add(Attribute.seenBy(
                        "security_group_rules",
                        (g, caller) -> g.rules().stream()
                                .map(rule -> rules.show(caller, rule))
                                .toList()));
    }

    @Override
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        return project == null ? super.visible(caller) : groups.store().usableBy(project);
    }

    /** The first look at a project's groups makes its default one. */
    @Override
    protected void beforeList(Caller caller) {
        String project = caller.projectId();
        if (project != null && !transactions().read(tx -> groups.hasDefault(tx, project))) {
            transactions().run(tx -> groups.defaultOf(tx, project));
        }
    }

    @Override
    protected SecurityGroup create(Tx tx, Caller caller, Input input) {
        return groups.create(
                tx,
                new SecurityGroup(
                        Standard.fresh(
                                ids.uuid(), input.text("project_id"), input.text("description", ""), clock.instant()),
                        input.text("name"),
                        input.bool("stateful", true),
                        false,
                        List.of()));
    }

    @Override
    protected SecurityGroup update(Tx tx, Caller caller, SecurityGroup present, Input input) {
        Standard standard = present.standard()
                .changed(input.text("description", present.standard().description()), clock.instant());
        return groups.update(
                tx,
                present,
                new SecurityGroup(
                        standard,
                        input.text("name", present.name()),
                        input.bool("stateful", present.stateful()),
                        present.shared(),
                        present.rules()));
    }

    @Override
    protected void delete(Tx tx, Caller caller, SecurityGroup present) {
        groups.delete(tx, present, caller.isAdmin());
    }
}
