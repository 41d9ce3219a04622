package io.nacre.neutron.resource;

import io.nacre.base.Page;
import io.nacre.neutron.NeutronFault;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What a listing's query string asks for: filters, sort keys, the page. */
final class Filters<R extends Resource> {
    private static final Set<String> NO_FILTERS =
            Set.of("fields", "limit", "marker", "page_reverse", "sort_key", "sort_dir");

    private final Attributes<R> attributes;
    private final ResourceStore<R> store;

    Filters(Attributes<R> attributes, ResourceStore<R> store) {
        this.attributes = attributes;
        this.store = store;
    }

    /** All filters must hold; the values of one name are alternatives. */
    Condition condition(Map<String, List<String>> query) {
        Condition condition = DSL.noCondition();
        List<String> unknown = new ArrayList<>();
        for (String name : query.keySet()) {
            if (NO_FILTERS.contains(name)) {
                continue;
            }
            Condition one = condition(name, values(query, name));
            if (one == null) {
                unknown.add("'" + name + "'");
            } else {
                condition = condition.and(one);
            }
        }
        if (!unknown.isEmpty()) {
            unknown.sort(null);
            throw NeutronFault.badRequest("[" + String.join(", ", unknown) + "] is invalid attribute for filtering");
        }
        return condition;
    }

    private @Nullable Condition condition(String name, List<String> values) {
        return switch (name) {
            case "tags" -> store.tags().all(store.id(), tags(values));
            case "tags-any" -> store.tags().any(store.id(), tags(values));
            case "not-tags" -> DSL.not(store.tags().all(store.id(), tags(values)));
            case "not-tags-any" -> DSL.not(store.tags().any(store.id(), tags(values)));
            case "changed_since" -> store.updated().ge(instant(values.getLast()));
            default -> ofAttribute(name, values);
        };
    }

    private @Nullable Condition ofAttribute(String name, List<String> values) {
        Attribute<R> attribute = attributes.get(name);
        if (attribute == null) {
            return null;
        }
        var special = attribute.filter();
        if (special != null) {
            return special.apply(values);
        }
        Field<?> column = attribute.column();
        return column == null ? null : equal(column, values);
    }

    private static java.time.Instant instant(String text) {
        try {
            return java.time.Instant.parse(text.endsWith("Z") ? text : text + "Z");
        } catch (java.time.format.DateTimeParseException e) {
            throw NeutronFault.invalidInput("'" + text + "' is not a valid changed_since value")
                    .because(e);
        }
    }

    private static List<String> tags(List<String> values) {
        return values.stream()
                .flatMap(value -> java.util.Arrays.stream(value.split(",")))
                .toList();
    }

    /** Values that the column's type cannot hold never match; {@code None} and {@code null} mean no value. */
    @SuppressWarnings("unchecked")
    private static Condition equal(Field<?> column, List<String> values) {
        Class<?> type = column.getType();
        if (type == Boolean.class) {
            return ((Field<Boolean>) column)
                    .in(values.stream().map(Filters::bool).toList());
        }
        if (type == Integer.class || type == Long.class) {
            return ((Field<Object>) column)
                    .in(values.stream()
                            .filter(value -> value.matches("-?[0-9]{1,9}"))
                            .map(value -> type == Integer.class ? (Object) Integer.valueOf(value) : Long.valueOf(value))
                            .toList());
        }
        if (type == java.time.Instant.class) {
            return ((Field<java.time.Instant>) column)
                    .in(values.stream().map(Filters::instant).toList());
        }
        Field<String> text = column.coerce(String.class);
        Condition condition = text.in(values);
        return values.contains("None") || values.contains("null") ? condition.or(text.isNull()) : condition;
    }

    static boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw NeutronFault.invalidInput("'" + text + "' cannot be converted to boolean");
        };
    }

    /** The page; limit 0 or none is no limit. */
    Page page(Map<String, List<String>> query) {
        int limit = 0;
        if (query.containsKey("limit")) {
            String text = values(query, "limit").getLast();
            if (!text.matches("[0-9]{1,9}")) {
                throw NeutronFault.badRequest("Limit must be an integer 0 or greater and not '" + text + "'");
            }
            limit = Integer.parseInt(text);
        }
        List<String> keys = values(query, "sort_key");
        List<String> directions = values(query, "sort_dir");
        if (keys.size() != directions.size()) {
            throw NeutronFault.badRequest("The number of sort_keys and sort_dirs must be same");
        }
        List<Page.Sort> sorts = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            sorts.add(new Page.Sort(keys.get(i), ascending(directions.get(i))));
        }
        boolean backwards = query.containsKey("page_reverse")
                && bool(values(query, "page_reverse").getLast());
        List<String> markers = values(query, "marker");
        String marker = markers.isEmpty() ? null : markers.getLast();
        return new Page(limit == 0 ? Integer.MAX_VALUE : limit, marker, sorts, backwards);
    }

    private static boolean ascending(String direction) {
        return switch (direction) {
            case "asc" -> true;
            case "desc" -> false;
            default -> throw NeutronFault.badRequest("Invalid sort direction '" + direction + "', must be asc or desc");
        };
    }

    private static List<String> values(Map<String, List<String>> query, String name) {
        return query.getOrDefault(name, List.of());
    }

    /** The columns a listing can be sorted by; faults with INVALID when the page wants others. */
    Map<String, Field<?>> sortKeys(Page page) {
        Map<String, Field<?>> keys = new LinkedHashMap<>();
        for (Attribute<R> attribute : attributes.all()) {
            Field<?> column = attribute.column();
            if (column != null) {
                keys.put(attribute.name(), column);
            }
        }
        for (Page.Sort sort : page.sorts()) {
            if (!keys.containsKey(sort.key())) {
                throw NeutronFault.badRequest("['" + sort.key() + "'] is invalid attribute for sort keys");
            }
        }
        return keys;
    }
}
