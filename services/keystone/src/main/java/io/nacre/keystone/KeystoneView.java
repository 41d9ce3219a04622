package io.nacre.keystone;

import io.nacre.http.Request;
import io.nacre.http.Response;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What all of keystone's answers have in common: envelopes, links, and attributes that clients invented. */
public final class KeystoneView {
    private KeystoneView() {}

    /** One entity with its {@code links.self}. */
    public static Map<String, @Nullable Object> entity(
            Request request, String collection, String id, Map<String, @Nullable Object> fields) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(fields);
        shown.put("links", Map.of("self", request.baseUrl() + "/v3/" + collection + "/" + id));
        return shown;
    }

    /** A collection with its {@code links}; keystone's listings have one page. */
    public static Response list(Request request, String collection, List<?> entities) {
        Map<String, @Nullable Object> links = new HashMap<>();
        links.put("self", request.url(Map.of()));
        links.put("next", null);
        links.put("previous", null);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(collection, entities);
        body.put("links", links);
        return Response.json(200, body);
    }

    /** The members of a request that are none of the known ones: kept and shown again as they are. */
    public static ObjectNode extra(JsonNode entity, Set<String> known) {
        ObjectNode extra = io.nacre.base.Json.object();
        entity.properties().forEach(entry -> {
            if (!known.contains(entry.getKey())) {
                extra.set(entry.getKey(), entry.getValue());
            }
        });
        return extra;
    }

    /** The extra attributes after an update, where null takes one away. */
    public static ObjectNode merged(ObjectNode before, ObjectNode changes) {
        ObjectNode after = before.deepCopy();
        changes.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                after.remove(entry.getKey());
            } else {
                after.set(entry.getKey(), entry.getValue());
            }
        });
        return after;
    }

    /** Puts the extra attributes among the fields; they never hide a field of the entity itself. */
    public static Map<String, @Nullable Object> withExtra(Map<String, @Nullable Object> fields, ObjectNode extra) {
        extra.properties().forEach(entry -> fields.putIfAbsent(entry.getKey(), entry.getValue()));
        return fields;
    }

    /** A text member: absent gives the other value, null gives null. */
    public static @Nullable String text(JsonNode entity, String member, @Nullable String otherwise) {
        JsonNode node = entity.get(member);
        if (node == null) {
            return otherwise;
        }
        return node.isNull() ? null : node.asString();
    }

    /** A boolean member; absent or null gives the other value. */
    public static boolean bool(JsonNode entity, String member, boolean otherwise) {
        JsonNode node = entity.get(member);
        return (node == null || node.isNull()) ? otherwise : node.asBoolean();
    }
}
