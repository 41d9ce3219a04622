package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The namespaces themselves. */
final class NamespaceStore {
    private static final Columns ROW = Columns.of("glance_metadef_namespace");
    private static final Field<String> ID = ROW.text("id");
    private static final Field<Long> GENERATION = ROW.number("generation");
    private static final Field<String> NAMESPACE = ROW.text("namespace");
    private static final Field<String> DISPLAY_NAME = ROW.text("display_name");
    private static final Field<String> DESCRIPTION = ROW.text("description");
    private static final Field<String> OWNER = ROW.text("owner");
    private static final Field<String> VISIBILITY = ROW.text("visibility");
    private static final Field<Boolean> PROTECTED = ROW.bool("protected");
    private static final Field<Instant> CREATED_AT = ROW.instant("created_at");
    private static final Field<Instant> UPDATED_AT = ROW.instant("updated_at");

    private static final Columns STANDARD = Columns.of("glance_metadef_standard");
    private static final Field<String> STANDARD_NAME = STANDARD.text("namespace");

    private static final Paging PAGING = Paging.of(ROW, ID)
            .key("namespace", NAMESPACE)
            .key("display_name", DISPLAY_NAME)
            .key("owner", OWNER)
            .key("visibility", VISIBILITY)
            .key("protected", PROTECTED)
            .key("created_at", CREATED_AT)
            .key("updated_at", UPDATED_AT);

    /**
     * Which namespaces a listing shows.
     *
     * @param project whose private ones it shows too
     * @param everyones whether it shows all private ones
     * @param resourceTypes of which a namespace is meant for one at least; null for all namespaces
     */
    record Filter(
            @Nullable String project,
            boolean everyones,
            @Nullable String visibility,
            @Nullable List<String> resourceTypes) {}

    List<Namespace> list(Tx tx, Filter filter, Page page) {
        Condition wanted = filter.everyones() ? DSL.noCondition() : VISIBILITY.eq("public");
        if (!filter.everyones() && filter.project() != null) {
            wanted = wanted.or(OWNER.eq(filter.project()));
        }
        if (filter.visibility() != null) {
            wanted = wanted.and(VISIBILITY.eq(filter.visibility()));
        }
        if (filter.resourceTypes() != null) {
            wanted = wanted.and(ResourceTypeStore.meantFor(ID, filter.resourceTypes()));
        }
        return PAGING.fetch(tx, Sql.in(tx).select(ROW.all()).from(ROW.table()).where(wanted), page)
                .map(NamespaceStore::namespace);
    }

    /** All of them by their names. */
    List<Namespace> all(Tx tx) {
        return Sql.in(tx).select(ROW.all()).from(ROW.table()).orderBy(NAMESPACE).fetch(NamespaceStore::namespace);
    }

    Optional<Namespace> find(Tx tx, String name) {
        return Sql.in(tx)
                .select(ROW.all())
                .from(ROW.table())
                .where(NAMESPACE.eq(name))
                .fetchOptional(NamespaceStore::namespace);
    }

    void add(Tx tx, Namespace namespace) {
        if (find(tx, namespace.namespace()).isPresent()) {
            throw Fault.conflict("The metadata definition namespace=" + namespace.namespace() + " already exists.");
        }
        addAll(tx, List.of(namespace));
    }

    /** Adds namespaces of which none is there yet. */
    void addAll(Tx tx, Collection<Namespace> added) {
        Sql.insert(
                tx,
                ROW.table(),
                added.stream()
                        .map(namespace -> {
                            Map<Field<?>, @Nullable Object> row = row(namespace);
                            row.put(ID, namespace.id());
                            row.put(CREATED_AT, namespace.createdAt());
                            return row;
                        })
                        .toList());
    }

    /** Which of these names are taken. */
    Set<String> taken(Tx tx, Collection<String> names) {
        return Sql.in(tx)
                .select(NAMESPACE)
                .from(ROW.table())
                .where(NAMESPACE.in(names))
                .fetchSet(NAMESPACE);
    }

    /** Writes the namespace as it should be now; starts over when somebody changed it since it was read. */
    void save(Tx tx, Namespace namespace) {
        if (find(tx, namespace.namespace())
                .filter(other -> !other.id().equals(namespace.id()))
                .isPresent()) {
            throw Fault.conflict("Invalid update. It would result in a duplicate metadata definition namespace with the"
                    + " same name of " + namespace.namespace());
        }
        Map<Field<?>, @Nullable Object> row = row(namespace);
        row.put(GENERATION, namespace.generation() + 1);
        Sql.one(Sql.in(tx).update(ROW.table()).set(row).where(asRead(namespace)).execute(), what(namespace));
    }

    /** Nobody else removes or changes it or what is in it before this transaction has ended. */
    void hold(Tx tx, Namespace namespace) {
        int held = Sql.in(tx)
                .update(ROW.table())
                .set(GENERATION, namespace.generation() + 1)
                .where(asRead(namespace))
                .execute();
        Sql.one(held, what(namespace));
    }

    void remove(Tx tx, Namespace namespace) {
        Sql.one(Sql.in(tx).deleteFrom(ROW.table()).where(asRead(namespace)).execute(), what(namespace));
    }

    /** Names of the standard namespaces that were made, whether they are still there or not. */
    Set<String> standard(Tx tx) {
        return Sql.in(tx).select(STANDARD_NAME).from(STANDARD.table()).fetchSet(STANDARD_NAME);
    }

    void noteStandard(Tx tx, Collection<String> names) {
        Sql.insert(
                tx,
                STANDARD.table(),
                names.stream()
                        .map(name -> Map.<Field<?>, Object>of(STANDARD_NAME, name))
                        .toList());
    }

    private static Condition asRead(Namespace namespace) {
        return ID.eq(namespace.id()).and(GENERATION.eq(namespace.generation()));
    }

    private static String what(Namespace namespace) {
        return "namespace " + namespace.namespace();
    }

    private static Map<Field<?>, @Nullable Object> row(Namespace namespace) {
        Map<Field<?>, @Nullable Object> row = new HashMap<>();
        row.put(GENERATION, namespace.generation());
        row.put(NAMESPACE, namespace.namespace());
        row.put(DISPLAY_NAME, namespace.displayName());
        row.put(DESCRIPTION, namespace.description());
        row.put(OWNER, namespace.owner());
        row.put(VISIBILITY, namespace.visibility());
        row.put(PROTECTED, namespace.guarded());
        row.put(UPDATED_AT, namespace.updatedAt());
        return row;
    }

    private static Namespace namespace(Record row) {
        return new Namespace(
                row.get(ID),
                row.get(GENERATION),
                row.get(NAMESPACE),
                row.get(DISPLAY_NAME),
                row.get(DESCRIPTION),
                row.get(OWNER),
                row.get(VISIBILITY),
                row.get(PROTECTED),
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}
