package io.nacre.neutron.rbac;

import io.nacre.base.Tx;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import org.jooq.Field;
import org.jooq.Record;

/** The permissions. */
public final class RbacStore extends ResourceStore<RbacPolicy> {
    final Field<String> objectType = bind(columns().text("object_type"), RbacPolicy::objectType);
    final Field<String> objectId = bind(columns().text("object_id"), RbacPolicy::objectId);
    final Field<String> action = bind(columns().text("action"), RbacPolicy::action);
    final Field<String> target = bind(columns().text("target_project"), RbacPolicy::target);

    public RbacStore() {
        super("RBAC policy", "neutron_rbac");
    }

    @Override
    public RuntimeException missing(String id) {
        return io.nacre.neutron.NeutronFault.notFound(
                "RbacPolicyNotFound", "RBAC policy of type object with ID " + id + " not found");
    }

    boolean exists(Tx tx, RbacPolicy policy) {
        return count(
                        tx,
                        objectId.eq(policy.objectId())
                                .and(action.eq(policy.action()))
                                .and(target.eq(policy.target())))
                > 0;
    }

    @Override
    protected RbacPolicy of(Record row, Standard standard) {
        return new RbacPolicy(standard, row.get(objectType), row.get(objectId), row.get(action), row.get(target));
    }
}
