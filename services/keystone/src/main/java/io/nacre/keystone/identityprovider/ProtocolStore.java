package io.nacre.keystone.identityprovider;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;

/** Protocols of identity providers. */
public final class ProtocolStore {
    private static final Columns PROTOCOL = Columns.of("keystone_federation_protocol");
    private static final Field<String> PROVIDER_ID = PROTOCOL.text("identity_provider_id");
    private static final Field<String> ID = PROTOCOL.text("id");
    private static final Field<String> MAPPING_ID = PROTOCOL.text("mapping_id");
    private static final Field<String> REMOTE_ID_ATTRIBUTE = PROTOCOL.text("remote_id_attribute");

    public Optional<Protocol> find(Tx tx, String providerId, String id) {
        return list(tx, same(providerId, id)).stream().findFirst();
    }

    public Protocol require(Tx tx, String providerId, String id) {
        return find(tx, providerId, id)
                .orElseThrow(() -> Fault.notFound(
                        "Could not find federated protocol " + id + " for Identity Provider: " + providerId + "."));
    }

    List<Protocol> ofProvider(Tx tx, String providerId) {
        return list(tx, PROVIDER_ID.eq(providerId));
    }

    private static List<Protocol> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(PROTOCOL.all())
                .from(PROTOCOL.table())
                .where(condition)
                .orderBy(PROVIDER_ID, ID)
                .fetch(row -> new Protocol(
                        row.get(PROVIDER_ID), row.get(ID), row.get(MAPPING_ID), row.get(REMOTE_ID_ATTRIBUTE)));
    }

    void create(Tx tx, Protocol protocol) {
        if (find(tx, protocol.identityProviderId(), protocol.id()).isPresent()) {
            throw Fault.conflict("Conflict occurred attempting to store federation_protocol - Duplicate entry found"
                    + " with ID " + protocol.id() + ".");
        }
        Sql.in(tx)
                .insertInto(PROTOCOL.table())
                .set(PROVIDER_ID, protocol.identityProviderId())
                .set(ID, protocol.id())
                .set(MAPPING_ID, protocol.mappingId())
                .set(REMOTE_ID_ATTRIBUTE, protocol.remoteIdAttribute())
                .execute();
    }

    void update(Tx tx, Protocol protocol) {
        Sql.in(tx)
                .update(PROTOCOL.table())
                .set(MAPPING_ID, protocol.mappingId())
                .set(REMOTE_ID_ATTRIBUTE, protocol.remoteIdAttribute())
                .where(same(protocol.identityProviderId(), protocol.id()))
                .execute();
    }

    public void delete(Tx tx, Protocol protocol) {
        delete(tx, same(protocol.identityProviderId(), protocol.id()));
    }

    public void deleteOfProvider(Tx tx, String providerId) {
        delete(tx, PROVIDER_ID.eq(providerId));
    }

    private static void delete(Tx tx, Condition condition) {
        Sql.in(tx).deleteFrom(PROTOCOL.table()).where(condition).execute();
    }

    private static Condition same(String providerId, String id) {
        return PROVIDER_ID.eq(providerId).and(ID.eq(id));
    }
}
