package io.nacre.keystone.policydocument;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Policy documents. */
public final class PolicyDocumentStore {
    private static final Columns DOCUMENT = Columns.of("keystone_policy_document");
    private static final Field<String> ID = DOCUMENT.text("id");
    private static final Field<String> TYPE = DOCUMENT.text("type");
    private static final Field<String> TEXT = DOCUMENT.text("document");
    private static final Field<Map<String, @Nullable Object>> EXTRA =
            DOCUMENT.json("extra", new TypeReference<Map<String, @Nullable Object>>() {});

    public PolicyDocument require(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream()
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Could not find policy: " + id + "."));
    }

    List<PolicyDocument> list(Tx tx, List<Filter> filters, int most) {
        return list(tx, Conditions.of(filters, Map.of("type", TYPE)), most);
    }

    private static List<PolicyDocument> list(Tx tx, Condition condition) {
        return list(tx, condition, Integer.MAX_VALUE);
    }

    private static List<PolicyDocument> list(Tx tx, Condition condition, int most) {
        return Sql.in(tx)
                .select(DOCUMENT.all())
                .from(DOCUMENT.table())
                .where(condition)
                .orderBy(ID)
                .limit(most)
                .fetch(row -> new PolicyDocument(row.get(ID), row.get(TYPE), row.get(TEXT), row.get(EXTRA)));
    }

    void create(Tx tx, PolicyDocument document) {
        Sql.in(tx)
                .insertInto(DOCUMENT.table())
                .set(ID, document.id())
                .set(TYPE, document.type())
                .set(TEXT, document.document())
                .set(EXTRA, document.extra())
                .execute();
    }

    void update(Tx tx, PolicyDocument document) {
        Sql.in(tx)
                .update(DOCUMENT.table())
                .set(TYPE, document.type())
                .set(TEXT, document.document())
                .set(EXTRA, document.extra())
                .where(ID.eq(document.id()))
                .execute();
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(DOCUMENT.table()).where(ID.eq(id)).execute();
    }
}
