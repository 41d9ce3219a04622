package io.nacre.glance.schema;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Packaged;
import io.nacre.glance.GlancePolicy;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    /** Collections that are told whole. */
    private static final Set<String> WHOLE = Set.of("members", "tasks");

    private static final Map<String, Object> TEXT = Map.of("type", "string");

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
        return Response.json(200, collection(name, listed(item)));
    }

    private static ObjectNode single(String name) {
        return Json.read(
                Packaged.text(SchemaApi.class, name.replace("metadefs/", "metadef_") + ".json"), ObjectNode.class);
    }

    /** An item as its collection shows it. */
    private static ObjectNode listed(String name) {
        ObjectNode item = single(name);
        switch (name) {
            case "task" -> ((ObjectNode) item.get("properties")).remove(List.of("input", "result", "message"));
            case "metadefs/property" ->
                item.set("required", Json.object().arrayNode().add("type").add("title"));
            default -> {}
        }
        return item;
    }

    /** The form of every collection: items, and links to further ones where it comes in pages. */
    private static Map<String, Object> collection(String name, ObjectNode item) {
        String member = name.replace("metadefs/", "").replace("resource_types", "resource_type_associations");
        boolean pages = !WHOLE.contains(name);
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("name", member);
        // What the items refer to is looked for at the top.
        JsonNode definitions = item.remove("definitions");
        if (definitions != null) {
            schema.put("definitions", definitions);
        }
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                member,
                name.equals("metadefs/properties")
                        ? Map.of("type", "object", "additionalProperties", item)
                        : Map.of("type", "array", "items", item));
        properties.put("schema", TEXT);
        List<Object> links = new ArrayList<>();
        if (pages) {
            properties.put("first", TEXT);
            properties.put("next", TEXT);
            links.add(Map.of("rel", "first", "href", "{first}"));
            links.add(Map.of("rel", "next", "href", "{next}"));
        }
        links.add(Map.of("rel", "describedby", "href", "{schema}"));
        schema.put("properties", properties);
        schema.put("links", links);
        return schema;
    }

    /**
     * A published schema for bodies to be checked with: without the words that are glance's own, and closed, also for
     * properties of metadata definitions inside.
     */
    public static Schema body(String name) {
        ObjectNode schema = single(name);
        schema.set("title", schema.get("name"));
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
