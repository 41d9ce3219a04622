package io.nacre.neutron.resource;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a request, checked and converted. On create every attribute with a default is there; on update only
 * what was sent.
 */
public final class Input {
    private final Map<String, @Nullable Object> values;
    private final Set<String> sent;

    Input(Map<String, @Nullable Object> values, Set<String> sent) {
        this.values = values;
        this.sent = Set.copyOf(sent);
    }

    /** Whether there is a value, sent or by default; null counts as one. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Whether the client wrote it, null included. */
    public boolean sent(String name) {
        return sent.contains(name);
    }

    public Set<String> sent() {
        return sent;
    }

    public Map<String, @Nullable Object> values() {
        return values;
    }

    public @Nullable Object get(String name) {
        return values.get(name);
    }

    /** A text that the attribute's check guarantees. */
    public String text(String name) {
        return Objects.requireNonNull((String) values.get(name), name);
    }

    /** The text, or the present one when the request does not mention it. */
    public String text(String name, String present) {
        Object value = values.get(name);
        return has(name) && value != null ? (String) value : present;
    }

    public @Nullable String textOrNull(String name) {
        return (String) values.get(name);
    }

    public @Nullable String textOrNull(String name, @Nullable String present) {
        return has(name) ? (String) values.get(name) : present;
    }

    public boolean bool(String name, boolean present) {
        return values.get(name) instanceof Boolean value ? value : present;
    }

    public @Nullable Integer integer(String name) {
        return values.get(name) instanceof Number value ? (Integer) value.intValue() : null;
    }

    public int integer(String name, int present) {
        Integer value = integer(name);
        return value == null ? present : value;
    }

    @SuppressWarnings("unchecked")
    public List<String> texts(String name, List<String> present) {
        return values.get(name) instanceof List<?> list ? (List<String>) list : present;
    }

    /** A list of JSON objects, each a map. */
    @SuppressWarnings("unchecked")
    public List<Map<String, Object>> objects(String name) {
        return values.get(name) instanceof List<?> list ? (List<Map<String, Object>>) list : List.of();
    }

    @SuppressWarnings("unchecked")
    public Map<String, Object> object(String name, Map<String, Object> present) {
        return values.get(name) instanceof Map<?, ?> map ? (Map<String, Object>) map : present;
    }
}
