package io.nacre.keystone.endpointpolicy;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;

/** The policies of endpoints and services. */
public final class PolicyAssociationStore {
    private static final Columns ASSOCIATION = Columns.of("keystone_policy_association");
    private static final Field<String> ENDPOINT_ID = ASSOCIATION.text("endpoint_id");
    private static final Field<String> SERVICE_ID = ASSOCIATION.text("service_id");
    private static final Field<String> REGION_ID = ASSOCIATION.text("region_id");
    private static final Field<String> POLICY_ID = ASSOCIATION.text("policy_id");

    /** The policy of exactly this. */
    Optional<String> policyOf(Tx tx, Subject subject) {
        return Sql.in(tx)
                .select(POLICY_ID)
                .from(ASSOCIATION.table())
                .where(same(subject))
                .fetchOptional(POLICY_ID);
    }

    List<Subject> subjectsOf(Tx tx, String policyId) {
        return Sql.in(tx)
                .select(ENDPOINT_ID, SERVICE_ID, REGION_ID)
                .from(ASSOCIATION.table())
                .where(POLICY_ID.eq(policyId))
                .orderBy(ENDPOINT_ID, SERVICE_ID, REGION_ID)
                .fetch(row -> new Subject(row.get(ENDPOINT_ID), row.get(SERVICE_ID), row.get(REGION_ID)));
    }

    /** In place of the policy that it had. */
    void put(Tx tx, Subject subject, String policyId) {
        delete(tx, same(subject));
        Sql.in(tx)
                .insertInto(ASSOCIATION.table())
                .set(ENDPOINT_ID, subject.endpointId())
                .set(SERVICE_ID, subject.serviceId())
                .set(REGION_ID, subject.regionId())
                .set(POLICY_ID, policyId)
                .execute();
    }

    void delete(Tx tx, Subject subject, String policyId) {
        delete(tx, same(subject).and(POLICY_ID.eq(policyId)));
    }

    public void deleteOfPolicy(Tx tx, String policyId) {
        delete(tx, POLICY_ID.eq(policyId));
    }

    public void deleteOfEndpoint(Tx tx, String endpointId) {
        delete(tx, ENDPOINT_ID.eq(endpointId));
    }

    public void deleteOfService(Tx tx, String serviceId) {
        delete(tx, SERVICE_ID.eq(serviceId));
    }

    public void deleteOfRegion(Tx tx, String regionId) {
        delete(tx, REGION_ID.eq(regionId));
    }

    private static void delete(Tx tx, Condition condition) {
        Sql.in(tx).deleteFrom(ASSOCIATION.table()).where(condition).execute();
    }

    private static Condition same(Subject subject) {
        return ENDPOINT_ID
                .eq(subject.endpointId())
                .and(SERVICE_ID.eq(subject.serviceId()))
                .and(REGION_ID.eq(subject.regionId()));
    }
}
