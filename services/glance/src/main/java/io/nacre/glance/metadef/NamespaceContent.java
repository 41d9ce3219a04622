package io.nacre.glance.metadef;

import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What is in a namespace, for those who read or write it as a whole. */
final class NamespaceContent {
    private static final String ASSOCIATIONS = "resource_type_associations";
    private static final String PROPERTIES = "properties";
    private static final String OBJECTS = "objects";
    private static final String TAGS = "tags";

    private static final Map<String, PolicyRule> TO_ADD = Map.of(
            ASSOCIATIONS, MetadefPolicy.ADD_ASSOCIATION,
            PROPERTIES, MetadefPolicy.ADD_PROPERTY,
            OBJECTS, MetadefPolicy.ADD_OBJECT,
            TAGS, MetadefPolicy.ADD_TAG);
    private static final List<PolicyRule> TO_SHOW = List.of(
            MetadefPolicy.LIST_RESOURCE_TYPES,
            MetadefPolicy.GET_OBJECTS,
            MetadefPolicy.GET_PROPERTIES,
            MetadefPolicy.GET_TAGS);

    private final NamespaceAccess access;
    private final ResourceTypeStore types;
    private final ItemStore store;
    private final Items properties;
    private final Items objects;
    private final Items tags;

    NamespaceContent(
            NamespaceAccess access,
            ResourceTypeStore types,
            ItemStore store,
            Items properties,
            Items objects,
            Items tags) {
        this.access = access;
        this.types = types;
        this.store = store;
        this.properties = properties;
        this.objects = objects;
        this.tags = tags;
    }

    /** Faults when something that a new namespace brings could not be added to it alone. */
    void check(Request request, Namespace namespace) {
        JsonNode body = request.json();
        TO_ADD.forEach((part, rule) -> {
            if (!body.path(part).isEmpty()) {
                access.enforce(request, rule, namespace);
            }
        });
        check(body);
    }

    /** Faults with INVALID when something in a body does not have its form. */
    static void check(JsonNode body) {
        body.path(ASSOCIATIONS).forEach(ResourceTypeApi.BODY::check);
        body.path(OBJECTS).forEach(ObjectApi.BODY::check);
        body.path(TAGS).forEach(TagApi.BODY::check);
        body.path(PROPERTIES)
                .propertyStream()
                .forEach(property -> PropertyApi.BODY.check(
                        ((ObjectNode) property.getValue().deepCopy()).put("name", property.getKey())));
    }

    /** What a body brings. */
    private record Brought(List<Association> associations, List<Item> items) {}

    /** Faults with CONFLICT when something is there twice. */
    private Brought brought(Namespace namespace, JsonNode body, Instant now) {
        List<Association> associations = body.path(ASSOCIATIONS)
                .valueStream()
                .map(one -> ResourceTypeApi.association(namespace, one, now))
                .toList();
        requireDistinct(associations, Association::name, one -> ResourceTypeStore.taken(namespace, one));
        List<Item> items = new ArrayList<>();
        items.addAll(drafts(objects, namespace, body.path(OBJECTS)));
        items.addAll(drafts(tags, namespace, body.path(TAGS)));
        body.path(PROPERTIES)
                .propertyStream()
                .map(property -> properties.draft(namespace, property.getKey(), property.getValue()))
                .forEach(items::add);
        return new Brought(associations, items);
    }

    /** Adds what new namespaces bring. */
    void add(Tx tx, Map<Namespace, JsonNode> bodies) {
        List<Association> associations = new ArrayList<>();
        List<Item> all = new ArrayList<>();
        bodies.forEach((namespace, body) -> {
            Brought brought = brought(namespace, body, namespace.createdAt());
            associations.addAll(brought.associations());
            all.addAll(brought.items());
        });
        types.associateAll(tx, associations);
        store.addAll(tx, all);
    }

    /**
     * Adds what a body brings and a namespace that is held does not have.
     *
     * @param update whether what both have becomes as in the body
     */
    void merge(Tx tx, Namespace namespace, JsonNode body, boolean update, Instant now) {
        Brought brought = brought(namespace, body, now);
        List<Association> associations = new ArrayList<>();
        for (Association one : brought.associations()) {
            boolean there = types.find(tx, namespace, one.name()).isPresent();
            if (there && update) {
                types.dissociate(tx, namespace, one.name());
            }
            if (!there || update) {
                associations.add(one);
            }
        }
        types.associateAll(tx, associations);
        List<Item> added = new ArrayList<>();
        for (Item one : brought.items()) {
            Item there = store.find(tx, namespace, one.kind(), one.name()).orElse(null);
            if (there == null) {
                added.add(one);
            } else if (update) {
                store.save(tx, namespace, there.with(one.name(), one.definition(), one.updatedAt()));
            }
        }
        store.addAll(tx, added);
    }

    private static List<Item> drafts(Items kind, Namespace namespace, JsonNode bodies) {
        List<Item> drafts = bodies.valueStream()
                .map(body -> kind.draft(namespace, Wire.nameIn(body), body))
                .toList();
        requireDistinct(drafts, Item::name, one -> ItemStore.taken(namespace, one));
        return drafts;
    }

    private static <T> void requireDistinct(
            List<T> all, Function<T, String> name, Function<T, RuntimeException> otherwise) {
        Set<String> names = new HashSet<>();
        all.stream().filter(one -> !names.add(name.apply(one))).findFirst().ifPresent(one -> {
            throw otherwise.apply(one);
        });
    }

    /**
     * Everything by the names of the wire; what there is none of is left out.
     *
     * @param resourceType on whose resources the properties have the names that are shown
     */
    Map<String, Object> show(Tx tx, Request request, Namespace namespace, @Nullable String resourceType) {
        TO_SHOW.forEach(rule -> access.enforce(request, rule, namespace));
        List<Association> associations = types.ofNamespace(tx, namespace);
        String prefix = associations.stream()
                .filter(association -> association.name().equals(resourceType))
                .map(Association::prefix)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        Map<String, Object> shown = summary(associations);
        put(shown, OBJECTS, objects.list(tx, namespace), found -> ObjectApi.views(namespace, found, prefix));
        put(shown, PROPERTIES, properties.list(tx, namespace), found -> PropertyApi.byName(found, prefix));
        put(shown, TAGS, tags.list(tx, namespace), TagApi::names);
        return shown;
    }

    private static void put(
            Map<String, Object> shown, String name, List<Item> items, Function<List<Item>, Object> view) {
        if (!items.isEmpty()) {
            shown.put(name, view.apply(items));
        }
    }

    /** Everything as a body has it that makes the same namespace. */
    Map<String, Object> whole(Tx tx, Namespace namespace) {
        Map<String, Object> whole = new LinkedHashMap<>();
        whole.put(
                ASSOCIATIONS,
                types.ofNamespace(tx, namespace).stream()
                        .map(ResourceTypeApi::body)
                        .toList());
        whole.put(PROPERTIES, PropertyApi.byName(properties.list(tx, namespace), ""));
        whole.put(OBJECTS, objects.list(tx, namespace).stream().map(Item::body).toList());
        whole.put(TAGS, TagApi.names(tags.list(tx, namespace)));
        return whole;
    }

    /** What listings tell of it, by the ids of the namespaces. */
    Map<String, Map<String, Object>> summaries(Tx tx, List<Namespace> namespaces) {
        Map<String, List<Association>> associations =
                types.ofNamespaces(tx, namespaces.stream().map(Namespace::id).toList()).stream()
                        .collect(Collectors.groupingBy(Association::namespaceId));
        return namespaces.stream()
                .collect(Collectors.toMap(
                        Namespace::id, namespace -> summary(associations.getOrDefault(namespace.id(), List.of()))));
    }

    void remove(Tx tx, Namespace namespace) {
        types.dissociateAll(tx, namespace);
        List.of(properties, objects, tags).forEach(items -> items.removeAll(tx, namespace));
    }

    private static Map<String, Object> summary(List<Association> associations) {
        Map<String, Object> shown = new LinkedHashMap<>();
        if (!associations.isEmpty()) {
            shown.put(ASSOCIATIONS, ResourceTypeApi.views(associations));
        }
        return shown;
    }
}
