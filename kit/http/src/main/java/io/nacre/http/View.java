package io.nacre.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a resource looks on the wire: a table of fields, each with the versions in which it is shown.
 *
 * <pre>{@code
 * static final View<Trait> VIEW = new View<Trait>().field("name", Trait::name).field("host", 90, Trait::host);
 * }</pre>
 */
public final class View<T> {
    private record Field<T>(String name, int since, int until, Function<T, @Nullable Object> value) {}

    private final List<Field<T>> fields = new ArrayList<>();

    /** A field that every version shows. */
    public View<T> field(String name, Function<T, @Nullable Object> value) {
        return field(name, 0, Integer.MAX_VALUE, value);
    }

    /** A field that appeared in a minor version. */
    public View<T> field(String name, int since, Function<T, @Nullable Object> value) {
        return field(name, since, Integer.MAX_VALUE, value);
    }

    /** A field that appeared in one minor version and was last shown in another. */
    public View<T> field(String name, int since, int until, Function<T, @Nullable Object> value) {
        fields.add(new Field<>(name, since, until, value));
        return this;
    }

    public Map<String, @Nullable Object> show(T item, int minor) {
        Map<String, @Nullable Object> shown = LinkedHashMap.newLinkedHashMap(fields.size());
        for (Field<T> field : fields) {
            if (minor >= field.since && minor <= field.until) {
                shown.put(field.name, field.value.apply(item));
            }
        }
        return shown;
    }

    /** For an API without minor versions. */
    public Map<String, @Nullable Object> show(T item) {
        return show(item, 0);
    }

    public List<Map<String, @Nullable Object>> showAll(List<T> items, int minor) {
        return items.stream().map(item -> show(item, minor)).toList();
    }
}
