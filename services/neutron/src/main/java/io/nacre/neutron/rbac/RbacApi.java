package io.nacre.neutron.rbac;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.network.ShareStore;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.Map;

/** API reference "RBAC Policies". */
public final class RbacApi extends ResourceApi<RbacPolicy> {
    private static final String NOT_EVERYBODY =
            "role:admin or (not field:rbac_policy:target_tenant=* and not field:rbac_policy:target_project=*)";

    /** Asks whether an object can lose a project that uses it; faults with CONFLICT when not. */
    public interface Withdrawal {
        void check(Tx tx, String objectId, String target);
    }

    /** What can be shared. */
    public record Kind(ResourceStore<? extends Resource> store, Withdrawal withdrawal) {}

    private final RbacStore policies;
    private final Map<String, Kind> kinds;
    private final ProjectQuotas quotas;
    private final Ids ids;
    private final InstantSource clock;

    public RbacApi(
            Wiring wiring,
            RbacStore policies,
            Map<String, Kind> kinds,
            ProjectQuotas quotas,
            Ids ids,
            InstantSource clock) {
        super(wiring, attributes(policies), policies, Guard.Rules.OWNER);
        this.policies = policies;
        this.kinds = kinds;
        this.quotas = quotas;
        this.ids = ids;
        this.clock = clock;
    }

    static Attributes<RbacPolicy> attributes(RbacStore store) {
        Attributes<RbacPolicy> table = Attributes.bare("rbac_policy", "rbac_policies", store);
        return table.add(Attribute.of("project_id", RbacPolicy::projectId)
                        .check(Checks.string(255))
                        .create()
                        .column(store.project()))
                .add(Attribute.of("tenant_id", RbacPolicy::projectId)
                        .check(Checks.string(255))
                        .create()
                        .column(store.project()))
                .add(Attribute.of("object_type", RbacPolicy::objectType)
                        .check(Checks.oneOf("network", "security_group"))
                        .required()
                        .column(store.objectType))
                .add(Attribute.of("object_id", RbacPolicy::objectId)
                        .check(Checks.UUID_TEXT)
                        .required()
                        .column(store.objectId))
                .add(Attribute.of("action", RbacPolicy::action)
                        .check(Checks.oneOf(ShareStore.SHARED))
                        .required()
                        .column(store.action))
                .add(Attribute.of("target_tenant", RbacPolicy::target)
                        .check(Checks.string(255))
                        .required()
                        .update()
                        .setRule(NOT_EVERYBODY)
                        .column(store.target));
    }

    @Override
    public String path() {
        return "rbac-policies";
    }

    @Override
    protected RbacPolicy create(Tx tx, Caller caller, Input input) {
        Kind kind = kind(input.text("object_type"));
        Resource object = kind.store()
                .find(tx, input.text("object_id"))
                .filter(one -> caller.isAdmin() || one.projectId().equals(caller.projectId()))
                .orElseThrow(() -> kind.store().missing(input.text("object_id")));
        String project = input.text("project_id");
        RbacPolicy policy = new RbacPolicy(
                Standard.fresh(ids.uuid(), project, "", clock.instant()),
                input.text("object_type"),
                object.id(),
                input.text("action"),
                input.text("target_tenant"));
        requireNew(tx, policy);
        quotas.take(tx, project, "rbac_policy");
        return policies.insert(tx, policy);
    }

    private Kind kind(String objectType) {
        Kind kind = kinds.get(objectType);
        if (kind == null) {
            throw NeutronFault.invalidInput("'" + objectType + "' cannot be shared");
        }
        return kind;
    }

    private void requireNew(Tx tx, RbacPolicy policy) {
        if (policies.exists(tx, policy)) {
            throw NeutronFault.conflict("DuplicatePolicyException", "An RBAC policy already exists with those values.");
        }
    }

    @Override
    protected RbacPolicy update(Tx tx, Caller caller, RbacPolicy present, Input input) {
        RbacPolicy changed = new RbacPolicy(
                present.standard().changed(clock.instant()),
                present.objectType(),
                present.objectId(),
                present.action(),
                input.text("target_tenant", present.target()));
        if (!changed.target().equals(present.target())) {
            requireNew(tx, changed);
            kind(present.objectType()).withdrawal().check(tx, present.objectId(), present.target());
        }
        return policies.update(tx, changed);
    }

    @Override
    protected void delete(Tx tx, Caller caller, RbacPolicy present) {
        kind(present.objectType()).withdrawal().check(tx, present.objectId(), present.target());
        policies.delete(tx, present);
        quotas.give(tx, present.projectId(), "rbac_policy");
    }
}
