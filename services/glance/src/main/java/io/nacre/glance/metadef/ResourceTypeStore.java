package io.nacre.glance.metadef;

import static org.jooq.impl.DSL.select;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** Resource types, which stay once they were named, and which namespaces are meant for them. */
final class ResourceTypeStore {
    private static final Columns TYPE = Columns.of("glance_metadef_resource_type");
    private static final Field<String> NAME = TYPE.text("name");
    private static final Field<Instant> CREATED_AT = TYPE.instant("created_at");
    private static final Field<Instant> UPDATED_AT = TYPE.instant("updated_at");

    private static final Columns ASSOCIATION = Columns.of("glance_metadef_association");
    private static final Field<String> NAMESPACE_ID = ASSOCIATION.text("namespace_id");
    private static final Field<String> RESOURCE_TYPE = ASSOCIATION.text("resource_type");
    private static final Field<String> PREFIX = ASSOCIATION.text("prefix");
    private static final Field<String> PROPERTIES_TARGET = ASSOCIATION.text("properties_target");
    private static final Field<Instant> ASSOCIATED_AT = ASSOCIATION.instant("created_at");
    private static final Field<Instant> CHANGED_AT = ASSOCIATION.instant("updated_at");

    /** Whether a namespace is meant for one of the types at least. */
    static Condition meantFor(Field<String> namespaceId, Collection<String> types) {
        return namespaceId.in(select(NAMESPACE_ID).from(ASSOCIATION.table()).where(RESOURCE_TYPE.in(types)));
    }

    List<ResourceType> all(Tx tx) {
        return Sql.in(tx)
                .select(TYPE.all())
                .from(TYPE.table())
                .orderBy(NAME)
                .fetch(row -> new ResourceType(row.get(NAME), row.get(CREATED_AT), row.get(UPDATED_AT)));
    }

    List<Association> ofNamespaces(Tx tx, Collection<String> namespaceIds) {
        return list(tx, NAMESPACE_ID.in(namespaceIds));
    }

    List<Association> ofNamespace(Tx tx, Namespace namespace) {
        return list(tx, NAMESPACE_ID.eq(namespace.id()));
    }

    Optional<Association> find(Tx tx, Namespace namespace, String type) {
        return list(tx, association(namespace, type)).stream().findFirst();
    }

    /** Makes the resource type, too, when there is none of the name. */
    void associate(Tx tx, Namespace namespace, Association association) {
        if (find(tx, namespace, association.name()).isPresent()) {
            throw taken(namespace, association);
        }
        associateAll(tx, List.of(association));
    }

    static RuntimeException taken(Namespace namespace, Association association) {
        return Fault.conflict("The metadata definition resource-type association of resource-type=" + association.name()
                + " to namespace=" + namespace.namespace() + " already exists.");
    }

    /** Adds associations of which none is there yet, and the resource types that nobody has named before. */
    void associateAll(Tx tx, List<Association> associations) {
        Map<String, Instant> types = associations.stream()
                .collect(Collectors.toMap(Association::name, Association::createdAt, (one, other) -> one));
        types.keySet()
                .removeAll(Sql.in(tx)
                        .select(NAME)
                        .from(TYPE.table())
                        .where(NAME.in(types.keySet()))
                        .fetchSet(NAME));
        Sql.insert(
                tx,
                TYPE.table(),
                types.entrySet().stream()
                        .map(type -> Map.<Field<?>, Object>of(
                                NAME, type.getKey(), CREATED_AT, type.getValue(), UPDATED_AT, type.getValue()))
                        .toList());
        Sql.insert(
                tx,
                ASSOCIATION.table(),
                associations.stream().map(ResourceTypeStore::row).toList());
    }

    private static Map<Field<?>, @Nullable Object> row(Association association) {
        Map<Field<?>, @Nullable Object> row = new HashMap<>();
        row.put(NAMESPACE_ID, association.namespaceId());
        row.put(RESOURCE_TYPE, association.name());
        row.put(PREFIX, association.prefix());
        row.put(PROPERTIES_TARGET, association.propertiesTarget());
        row.put(ASSOCIATED_AT, association.createdAt());
        row.put(CHANGED_AT, association.updatedAt());
        return row;
    }

    void dissociate(Tx tx, Namespace namespace, String type) {
        remove(tx, association(namespace, type));
    }

    /** Forgets all resource types, none of which is associated any more. */
    void removeAll(Tx tx) {
        Sql.in(tx).deleteFrom(TYPE.table()).execute();
    }

    void dissociateAll(Tx tx, Namespace namespace) {
        remove(tx, NAMESPACE_ID.eq(namespace.id()));
    }

    private static Condition association(Namespace namespace, String type) {
        return NAMESPACE_ID.eq(namespace.id()).and(RESOURCE_TYPE.eq(type));
    }

    private static void remove(Tx tx, Condition which) {
        Sql.in(tx).deleteFrom(ASSOCIATION.table()).where(which).execute();
    }

    private static List<Association> list(Tx tx, Condition which) {
        return Sql.in(tx)
                .select(ASSOCIATION.all())
                .from(ASSOCIATION.table())
                .where(which)
                .orderBy(ASSOCIATED_AT, RESOURCE_TYPE)
                .fetch(ResourceTypeStore::association);
    }

    private static Association association(Record row) {
        return new Association(
                row.get(NAMESPACE_ID),
                row.get(RESOURCE_TYPE),
                row.get(PREFIX),
                row.get(PROPERTIES_TARGET),
                row.get(ASSOCIATED_AT),
                row.get(CHANGED_AT));
    }
}
