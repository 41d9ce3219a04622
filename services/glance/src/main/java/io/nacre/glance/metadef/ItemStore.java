package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import tools.jackson.databind.node.ObjectNode;

/** What is in namespaces. Whoever changes it holds the namespace. */
final class ItemStore {
    private static final Columns ROW = Columns.of("glance_metadef_item");
    private static final Field<String> ID = ROW.text("id");
    private static final Field<String> NAMESPACE_ID = ROW.text("namespace_id");
    private static final Field<Item.Kind> KIND = ROW.choice("kind", Item.Kind.class);
    private static final Field<String> NAME = ROW.text("name");
    private static final Field<ObjectNode> DEFINITION = ROW.json("definition", ObjectNode.class);
    private static final Field<Instant> CREATED_AT = ROW.instant("created_at");
    private static final Field<Instant> UPDATED_AT = ROW.instant("updated_at");

    private static final Paging PAGING =
            Paging.of(ROW, ID).key("name", NAME).key("created_at", CREATED_AT).key("updated_at", UPDATED_AT);

    /** In the order in which they were added. */
    List<Item> list(Tx tx, Namespace namespace, Item.Kind kind) {
        return Sql.in(tx)
                .select(ROW.all())
                .from(ROW.table())
                .where(of(namespace, kind))
                .orderBy(CREATED_AT, NAME)
                .fetch(ItemStore::item);
    }

    List<Item> list(Tx tx, Namespace namespace, Item.Kind kind, Page page) {
        return PAGING.fetch(tx, Sql.in(tx).select(ROW.all()).from(ROW.table()).where(of(namespace, kind)), page)
                .map(ItemStore::item);
    }

    Optional<Item> find(Tx tx, Namespace namespace, Item.Kind kind, String name) {
        return Sql.in(tx)
                .select(ROW.all())
                .from(ROW.table())
                .where(of(namespace, kind))
                .and(NAME.eq(name))
                .fetchOptional(ItemStore::item);
    }

    Item require(Tx tx, Namespace namespace, Item.Kind kind, String name) {
        return find(tx, namespace, kind, name)
                .orElseThrow(() -> Fault.notFound("Could not find " + kind.missing() + " " + name));
    }

    void add(Tx tx, Namespace namespace, Item item) {
        requireFree(tx, namespace, item);
        addAll(tx, List.of(item));
    }

    /** Adds items of which none is there yet. */
    void addAll(Tx tx, List<Item> items) {
        Sql.insert(tx, ROW.table(), items.stream().map(ItemStore::row).toList());
    }

    private static Map<Field<?>, Object> row(Item item) {
        return Map.of(
                ID, item.id(),
                NAMESPACE_ID, item.namespaceId(),
                KIND, item.kind(),
                NAME, item.name(),
                DEFINITION, item.definition(),
                CREATED_AT, item.createdAt(),
                UPDATED_AT, item.updatedAt());
    }

    void save(Tx tx, Namespace namespace, Item item) {
        requireFree(tx, namespace, item);
        int changed = Sql.in(tx)
                .update(ROW.table())
                .set(NAME, item.name())
                .set(DEFINITION, item.definition())
                .set(UPDATED_AT, item.updatedAt())
                .where(ID.eq(item.id()))
                .execute();
        Sql.one(changed, item.kind() + " " + item.name());
    }

    void remove(Tx tx, Item item) {
        Sql.in(tx).deleteFrom(ROW.table()).where(ID.eq(item.id())).execute();
    }

    void removeAll(Tx tx, Namespace namespace, Item.Kind kind) {
        Sql.in(tx).deleteFrom(ROW.table()).where(of(namespace, kind)).execute();
    }

    private void requireFree(Tx tx, Namespace namespace, Item item) {
        if (find(tx, namespace, item.kind(), item.name())
                .filter(other -> !other.id().equals(item.id()))
                .isPresent()) {
            throw taken(namespace, item);
        }
    }

    static RuntimeException taken(Namespace namespace, Item item) {
        return Fault.conflict("A " + item.kind().taken() + " with name=" + item.name() + " already exists in namespace="
                + namespace.namespace() + "."
                + (item.kind() == Item.Kind.TAG ? " (Please note that metadata tag names are case insensitive)." : ""));
    }

    private static Condition of(Namespace namespace, Item.Kind kind) {
        return NAMESPACE_ID.eq(namespace.id()).and(KIND.eq(kind));
    }

    private static Item item(Record row) {
        return new Item(
                row.get(ID),
                row.get(NAMESPACE_ID),
                row.get(KIND),
                row.get(NAME),
                row.get(DEFINITION),
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}
