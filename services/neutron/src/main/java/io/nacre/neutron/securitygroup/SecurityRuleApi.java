package io.nacre.neutron.securitygroup;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Check;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** API reference "Security group rules". */
public final class SecurityRuleApi extends ResourceApi<SecurityRule> {
    private static final String OWNER = "(role:member and project_id:%(security_group:project_id)s)";
    private static final Guard.Rules RULES = new Guard.Rules(
            NeutronPolicy.MEMBER + " or " + OWNER,
            NeutronPolicy.READER + " or (role:reader and project_id:%(security_group:project_id)s)",
            NeutronPolicy.MEMBER,
            NeutronPolicy.MEMBER + " or " + OWNER);
    private static final Check PORT = value -> value.isNull() ? null : Checks.wholeNumber(value);
    private static final Check PREFIX = value -> {
        if (value.isNull()) {
            return null;
        }
        String text = Checks.text(value);
        Cidr cidr = Cidr.parse(text);
        if (cidr == null) {
            throw NeutronFault.invalid("InvalidCIDR", "Invalid CIDR " + text + " given as IP prefix.");
        }
        return text.contains("/") ? text : cidr.toString();
    };

    private final SecurityGroups groups;
    private final Ids ids;
    private final InstantSource clock;

    public SecurityRuleApi(Wiring wiring, SecurityGroups groups, Ids ids, InstantSource clock) {
        super(wiring, attributes(groups.store().rules()), groups.store().rules(), RULES);
        this.groups = groups;
        this.ids = ids;
        this.clock = clock;
    }

    static Attributes<SecurityRule> attributes(SecurityRuleStore store) {
        Attributes<SecurityRule> table = Attributes.of("security_group_rule", "security_group_rules", store);
        return table.add(Attribute.of("security_group_id", SecurityRule::groupId)
                        .check(Checks.string(255))
                        .required()
                        .column(store.group))
                .add(Attribute.of("direction", SecurityRule::direction)
                        .check(Checks.oneOf("ingress", "egress"))
                        .required()
                        .column(store.direction))
                .add(Attribute.of("ethertype", SecurityRule::ethertype)
                        .check(SecurityRuleCheck::ethertype)
                        .create("IPv4")
                        .column(store.ethertype))
                .add(Attribute.of("protocol", SecurityRule::protocol)
                        .check(SecurityRuleCheck::protocol)
                        .create(null)
                        .column(store.protocol))
                .add(Attribute.of("port_range_min", SecurityRule::portMin)
                        .check(PORT)
                        .create(null)
                        .column(store.portMin))
                .add(Attribute.of("port_range_max", SecurityRule::portMax)
                        .check(PORT)
                        .create(null)
                        .column(store.portMax))
                .add(Attribute.of("remote_ip_prefix", SecurityRule::remotePrefix)
                        .check(PREFIX)
                        .create(null)
                        .column(store.remotePrefix))
                .add(Attribute.of("normalized_cidr", SecurityRuleApi::normalized))
                .add(Attribute.of("remote_group_id", SecurityRule::remoteGroupId)
                        .check(Checks.string(255).orNull())
                        .create(null)
                        .column(store.remoteGroup))
                .add(Attribute.of("remote_address_group_id", rule -> null));
    }

    private static @Nullable String normalized(SecurityRule rule) {
        String prefix = rule.remotePrefix();
        return prefix == null ? null : Cidr.of(prefix).toString();
    }

    /** As a group shows it among its rules. */
    Map<String, @Nullable Object> show(Caller caller, SecurityRule rule) {
        return view(caller, rule, Set.of());
    }

    @Override
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        SecurityGroupStore store = groups.store();
        return project == null
                ? super.visible(caller)
                : store().project()
                        .eq(project)
                        .or(store.rules()
                                .group
                                .in(DSL.select(store.id())
                                        .from(store.table())
                                        .where(store.project().eq(project))));
    }

    @Override
    protected Map<String, @Nullable Object> parents(SecurityRule rule) {
        return Map.of("security_group:project_id", rule.groupProject());
    }

    @Override
    protected Map<String, @Nullable Object> parents(Tx tx, Input input) {
        return Map.of(
                "security_group:project_id",
                groups.store().require(tx, input.text("security_group_id")).projectId());
    }

    @Override
    protected SecurityRule create(Tx tx, Caller caller, Input input) {
        SecurityGroup group = groups.store().require(tx, input.text("security_group_id"));
        if (!caller.isAdmin() && !group.projectId().equals(caller.projectId())) {
            throw groups.store().missing(group.id());
        }
        SecurityRule rule = new SecurityRule(
                Standard.fresh(ids.uuid(), input.text("project_id"), input.text("description", ""), clock.instant()),
                group.id(),
                group.projectId(),
                group.stateful(),
                input.text("direction"),
                input.text("ethertype", "IPv4"),
                input.textOrNull("protocol"),
                input.integer("port_range_min"),
                input.integer("port_range_max"),
                input.textOrNull("remote_ip_prefix"),
                input.textOrNull("remote_group_id"));
        SecurityRuleCheck.all(rule);
        return groups.createRule(tx, rule);
    }

    /** Only the description of a rule could change, and the API does not offer that. */
    @Override
    protected SecurityRule update(Tx tx, Caller caller, SecurityRule present, Input input) {
        throw NeutronFault.badRequest("Cannot update security group rule " + present.id());
    }

    @Override
    protected void delete(Tx tx, Caller caller, SecurityRule present) {
        groups.deleteRule(tx, present);
    }
}
