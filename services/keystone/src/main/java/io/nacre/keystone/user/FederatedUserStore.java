package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;

/** Which user stands for whom an identity provider vouches for. */
public final class FederatedUserStore {
    private static final Columns FEDERATED = Columns.of("keystone_federated_user");
    private static final Field<String> PROVIDER_ID = FEDERATED.text("identity_provider_id");
    private static final Field<String> PROTOCOL_ID = FEDERATED.text("protocol_id");
    private static final Field<String> UNIQUE_ID = FEDERATED.text("unique_id");
    private static final Field<String> USER_ID = FEDERATED.text("user_id");
    private static final Map<String, Field<?>> FILTERS =
            Map.of("idp_id", PROVIDER_ID, "protocol_id", PROTOCOL_ID, "unique_id", UNIQUE_ID);

    /**
     * Somebody, as a provider knows them.
     *
     * @param uniqueId among those whom the provider tells by this protocol
     */
    public record Subject(String providerId, String protocolId, String uniqueId) {}

    public Optional<String> find(Tx tx, Subject subject) {
        return Sql.in(tx)
                .select(USER_ID)
                .from(FEDERATED.table())
                .where(PROVIDER_ID
                        .eq(subject.providerId())
                        .and(PROTOCOL_ID.eq(subject.protocolId()))
                        .and(UNIQUE_ID.eq(subject.uniqueId())))
                .fetchOptional(USER_ID);
    }

    static boolean knows(Filter filter) {
        return FILTERS.containsKey(filter.attribute());
    }

    /** The identifiers of users whom a provider knows so. */
    static Select<Record1<String>> userIds(List<Filter> filters) {
        return DSL.select(USER_ID).from(FEDERATED.table()).where(Conditions.of(filters, FILTERS));
    }

    List<Subject> ofUser(Tx tx, String userId) {
        return Sql.in(tx)
                .select(FEDERATED.all())
                .from(FEDERATED.table())
                .where(USER_ID.eq(userId))
                .orderBy(PROVIDER_ID, PROTOCOL_ID, UNIQUE_ID)
                .fetch(row -> new Subject(row.get(PROVIDER_ID), row.get(PROTOCOL_ID), row.get(UNIQUE_ID)));
    }

    public void create(Tx tx, Subject subject, String userId) {
        if (find(tx, subject).isPresent()) {
            throw Fault.conflict("Conflict occurred attempting to store federated_user - Duplicate entry found with"
                    + " unique ID " + subject.uniqueId() + ".");
        }
        Sql.in(tx)
                .insertInto(FEDERATED.table())
                .set(PROVIDER_ID, subject.providerId())
                .set(PROTOCOL_ID, subject.protocolId())
                .set(UNIQUE_ID, subject.uniqueId())
                .set(USER_ID, userId)
                .execute();
    }

    public void deleteOfUser(Tx tx, String userId) {
        delete(tx, USER_ID.eq(userId));
    }

    public void deleteOfProvider(Tx tx, String providerId) {
        delete(tx, PROVIDER_ID.eq(providerId));
    }

    public void deleteOfProtocol(Tx tx, String providerId, String protocolId) {
        delete(tx, PROVIDER_ID.eq(providerId).and(PROTOCOL_ID.eq(protocolId)));
    }

    private static void delete(Tx tx, Condition condition) {
        Sql.in(tx).deleteFrom(FEDERATED.table()).where(condition).execute();
    }
}
