package io.nacre.keystone.entity;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.http.Request;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The attributes that a request sends for one resource. The route's schema has checked the types of those it names, unless
 * it is the target of a rule that is looked up.
 */
public final class Fields {
    private final JsonNode node;

    private Fields(JsonNode node) {
        this.node = node;
    }

    /** The body's object of this name; one without anything before the schema has found that there is none. */
    public static Fields of(Request request, String envelope) {
        JsonNode sent = request.json().get(envelope);
        return new Fields(sent == null ? Json.object() : sent);
    }

    /** The objects in the body's array of this name. */
    public static List<Fields> each(Request request, String collection) {
        return StreamSupport.stream(request.json(collection).spliterator(), false)
                .map(Fields::new)
                .toList();
    }

    public boolean has(String name) {
        return node.has(name);
    }

    /** Null when it is absent or null. */
    public @Nullable JsonNode node(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }

    /** Null when it is absent or null. */
    public @Nullable String text(String name) {
        JsonNode value = node(name);
        if (value == null) {
            return null;
        }
        if (value.isContainer()) {
            throw Fault.invalid("Invalid input for field '" + name + "': it is not of type 'string'.");
        }
        return value.asString();
    }

    /** What is sent, null included; the present value when nothing is sent. */
    public @Nullable String text(String name, @Nullable String present) {
        return has(name) ? text(name) : present;
    }

    public String required(String name) {
        String value = text(name);
        if (value == null) {
            throw Fault.invalid("Expecting to find " + name + " in the request.");
        }
        return value;
    }

    public boolean flag(String name, boolean otherwise) {
        JsonNode value = node(name);
        return value == null ? otherwise : value.asBoolean();
    }

    public int integer(String name, int otherwise) {
        JsonNode value = node(name);
        return value == null ? otherwise : value.asInt();
    }

    /** Null when it is absent or null. */
    public @Nullable Integer integer(String name) {
        JsonNode value = node(name);
        return value == null ? null : (Integer) value.asInt();
    }

    /** An array of strings, none for null; the present ones when nothing is sent. */
    public List<String> texts(String name, List<String> present) {
        if (!has(name)) {
            return present;
        }
        JsonNode sent = node(name);
        return sent == null
                ? List.of()
                : sent.valueStream().map(JsonNode::asString).toList();
    }

    /** A JSON object as it is kept; the present value when nothing is sent. */
    public Map<String, @Nullable Object> map(String name, Map<String, @Nullable Object> present) {
        JsonNode value = node(name);
        return value == null ? present : Json.map(value);
    }

    /** The attributes that are not known here, over those that are already kept; one that is named extra is not kept. */
    public Map<String, @Nullable Object> extra(Set<String> known, Map<String, @Nullable Object> present) {
        Map<String, @Nullable Object> extra = new LinkedHashMap<>(present);
        Json.map(node).forEach((name, value) -> {
            if (!known.contains(name) && !name.equals("extra")) {
                extra.put(name, value);
            }
        });
        return extra;
    }

    /** Whether nothing is sent but that the resource is immutable no more. */
    public boolean onlyUnlocks() {
        JsonNode options = node("options");
        return node.size() == 1
                && options != null
                && options.has("immutable")
                && !options.path("immutable").asBoolean(false);
    }

    /** An identifier in the body must be the path's. */
    public void requireId(String id) {
        if (has("id") && !id.equals(text("id"))) {
            throw Fault.invalid("Cannot change ID");
        }
    }
}
