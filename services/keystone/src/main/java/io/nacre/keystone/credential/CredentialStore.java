package io.nacre.keystone.credential;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.fernet.Sealing;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Credentials, sealed on the way in and opened on the way out. */
public final class CredentialStore {
    private static final Columns CREDENTIAL = Columns.of("keystone_credential");
    private static final Field<String> ID = CREDENTIAL.text("id");
    private static final Field<String> USER_ID = CREDENTIAL.text("user_id");
    private static final Field<String> PROJECT_ID = CREDENTIAL.text("project_id");
    private static final Field<String> TYPE = CREDENTIAL.text("type");
    private static final Field<String> SEALED = CREDENTIAL.text("sealed_blob");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            CREDENTIAL.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});
    private static final Map<String, Field<?>> FILTERS = Map.of("user_id", USER_ID, "type", TYPE);

    private final Sealing sealing;

    public CredentialStore(Sealing sealing) {
        this.sealing = sealing;
    }

    Optional<Credential> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    Credential require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find credential: " + id + "."));
    }

    List<Credential> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    private List<Credential> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(CREDENTIAL.all())
                .from(CREDENTIAL.table())
                .where(condition)
                .orderBy(ID)
                .fetch(this::credential);
    }

    void create(Tx tx, Credential credential) {
        if (find(tx, credential.id()).isPresent()) {
            throw Fault.conflict("Conflict occurred attempting to store credential - Duplicate entry found with ID "
                    + credential.id() + ".");
        }
        Sql.in(tx)
                .insertInto(CREDENTIAL.table())
                .set(ID, credential.id())
                .set(changeable(credential))
                .execute();
    }

    void update(Tx tx, Credential credential) {
        Sql.in(tx)
                .update(CREDENTIAL.table())
                .set(changeable(credential))
                .where(ID.eq(credential.id()))
                .execute();
    }

    private Map<Field<?>, @Nullable Object> changeable(Credential credential) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(USER_ID, credential.userId());
        values.put(PROJECT_ID, credential.projectId());
        values.put(TYPE, credential.type());
        values.put(SEALED, sealing.seal(credential.blob()));
        values.put(EXTRA, credential.extra());
        return values;
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(CREDENTIAL.table()).where(ID.eq(id)).execute();
    }

    public void deleteOfUser(Tx tx, String userId) {
        Sql.in(tx).deleteFrom(CREDENTIAL.table()).where(USER_ID.eq(userId)).execute();
    }

    public void deleteOfProject(Tx tx, String projectId) {
        Sql.in(tx)
                .deleteFrom(CREDENTIAL.table())
                .where(PROJECT_ID.eq(projectId))
                .execute();
    }

    private Credential credential(Record row) {
        return new Credential(
                row.get(ID),
                row.get(USER_ID),
                row.get(PROJECT_ID),
                row.get(TYPE),
                sealing.open(row.get(SEALED)),
                row.get(EXTRA));
    }
}
