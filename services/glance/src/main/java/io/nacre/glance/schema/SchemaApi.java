package io.nacre.glance.schema;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Packaged;
import io.nacre.glance.GlancePolicy;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Image schemas", "Metadata definition schemas" and "Task schemas". Read from files beside this class. */
public final class SchemaApi {
    /** A collection's schema by its name, and what it is a collection of. */
    private static final Map<String, String> COLLECTIONS = Map.of(
            "images", "image",
            "members", "member",
            "tasks", "task",
            "metadefs/namespaces", "metadefs/namespace",
            "metadefs/objects", "metadefs/object",
            "metadefs/properties", "metadefs/property",
            "metadefs/resource_types", "metadefs/resource_type",
            "metadefs/tags", "metadefs/tag");

    public List<Route> routes() {
        return List.of(
                Route.get("/v2/schemas/{name*}").policy(GlancePolicy.DISCOVER).to(SchemaApi::show));
    }

    private static Response show(Request request) {
        String name = request.param("name");
        if (COLLECTIONS.containsValue(name)) {
            return Response.json(200, single(name));
        }
        String item = COLLECTIONS.get(name);
        if (item == null) {
            throw Fault.notFound("The resource could not be found.");
        }
        return Response.json(200, collection(name, single(item)));
    }

    private static JsonNode single(String name) {
        return Json.read(
                Packaged.text(SchemaApi.class, name.replace("metadefs/", "metadef_") + ".json"), JsonNode.class);
    }

    /** The form of every collection: a page of items with links. */
    private static Map<String, Object> collection(String name, JsonNode item) {
        String member = name.replace("metadefs/", "").replace("resource_types", "resource_type_associations");
        Map<String, Object> properties = new LinkedHashMap<>();
        if (name.equals("metadefs/properties")) {
            properties.put(member, Map.of("type", "object", "additionalProperties", item));
        } else {
            properties.put(member, Map.of("type", "array", "items", item));
        }
        properties.put("schema", Map.of("type", "string"));
        if (!name.equals("members")) {
            properties.put("first", Map.of("type", "string"));
            properties.put("next", Map.of("type", "string"));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("name", member);
        schema.put("properties", properties);
        schema.put(
                "links",
                name.equals("members")
                        ? List.of(Map.of("rel", "describedby", "href", "{schema}"))
                        : List.of(
                                Map.of("rel", "first", "href", "{first}"),
                                Map.of("rel", "next", "href", "{next}"),
                                Map.of("rel", "describedby", "href", "{schema}")));
        return schema;
    }

    /**
     * A published schema for bodies to be checked with: without the words that are glance's own, and closed, also for
     * properties of metadata definitions inside.
     */
    public static Schema body(String name) {
        ObjectNode schema = (ObjectNode) single(name);
        schema.remove(List.of("name", "links"));
        schema.put("type", "object");
        schema.get("properties").forEach(property -> ((ObjectNode) property).remove("is_base"));
        if (!schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
        if (schema.at("/definitions/property/additionalProperties") instanceof ObjectNode property) {
            property.put("additionalProperties", false);
        }
        return Schema.of(schema.toString());
    }
}
