package io.nacre.glance.metadef;

import io.nacre.glance.image.ImageView;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Metadata definition objects". */
final class ObjectApi {
    static final Schema BODY = SchemaApi.body("metadefs/object");

    private final NamespaceAccess access;
    private final Items objects;

    ObjectApi(NamespaceAccess access, Items objects) {
        this.access = access;
        this.objects = objects;
    }

    List<Route> routes() {
        return List.of(
                Route.get(objects.all())
                        .policy(MetadefPolicy.GET_OBJECTS, access::target)
                        .to(this::list),
                Route.post(objects.all())
                        .policy(MetadefPolicy.ADD_OBJECT, access::target)
                        .body(BODY)
                        .to(request -> Response.json(201, view(objects.create(request)))),
                Route.delete(objects.all())
                        .policy(MetadefPolicy.DELETE_NAMESPACE, access::target)
                        .to(objects::deleteAll),
                Route.get(objects.one())
                        .policy(MetadefPolicy.GET_OBJECT, access::target)
                        .to(request -> Response.json(200, view(objects.show(request)))),
                Route.put(objects.one())
                        .policy(MetadefPolicy.MODIFY_OBJECT, access::target)
                        .body(BODY)
                        .to(request -> Response.json(200, view(objects.update(request)))),
                Route.delete(objects.one())
                        .policy(MetadefPolicy.DELETE_OBJECT, access::target)
                        .to(objects::delete));
    }

    private Response list(Request request) {
        List<Map<String, Object>> shown = objects.read(
                request,
                (tx, namespace) -> access.allows(request, MetadefPolicy.GET_OBJECT, namespace)
                        ? views(namespace, objects.list(tx, namespace), "")
                        : List.of());
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("objects", shown);
        body.put("schema", "v2/schemas/metadefs/objects");
        return Response.json(200, body);
    }

    private static Map<String, Object> view(Items.Found found) {
        return view(found.namespace(), found.item(), "");
    }

    /** @param prefix what the names of properties begin with */
    static List<Map<String, Object>> views(Namespace namespace, List<Item> objects, String prefix) {
        return objects.stream().map(object -> view(namespace, object, prefix)).toList();
    }

    private static Map<String, Object> view(Namespace namespace, Item object, String prefix) {
        JsonNode definition = object.definition();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", object.name());
        if (definition.has("description")) {
            shown.put("description", definition.get("description"));
        }
        shown.put(
                "required",
                definition
                        .path("required")
                        .valueStream()
                        .map(name -> prefix + name.stringValue())
                        .toList());
        Map<String, JsonNode> properties = new LinkedHashMap<>();
        definition
                .path("properties")
                .propertyStream()
                .forEach(property -> properties.put(prefix + property.getKey(), property.getValue()));
        shown.put("properties", properties);
        shown.put("created_at", ImageView.time(object.createdAt()));
        shown.put("updated_at", ImageView.time(object.updatedAt()));
        shown.put("self", Wire.path(namespace) + "/objects/" + object.name());
        shown.put("schema", "/v2/schemas/metadefs/object");
        return shown;
    }
}
