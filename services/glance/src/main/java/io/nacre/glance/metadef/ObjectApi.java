package io.nacre.glance.metadef;

import io.nacre.base.Transactions;
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

    private final Transactions transactions;
    private final NamespaceAccess access;
    private final ItemStore store;
    private final Items items;

    ObjectApi(Transactions transactions, NamespaceAccess access, ItemStore store, Items items) {
        this.transactions = transactions;
        this.access = access;
        this.store = store;
        this.items = items;
    }

    List<Route> routes() {
        String all = Wire.NAMESPACE + "/objects";
        String one = all + "/{name}";
        return List.of(
                Route.get(all).policy(MetadefPolicy.GET_OBJECTS, access::target).to(this::list),
                Route.post(all)
                        .policy(MetadefPolicy.ADD_OBJECT, access::target)
                        .body(BODY)
                        .to(request -> Response.json(201, view(items.create(request, Item.Kind.OBJECT)))),
                Route.delete(all)
                        .policy(MetadefPolicy.DELETE_NAMESPACE, access::target)
                        .to(request -> items.deleteAll(request, Item.Kind.OBJECT)),
                Route.get(one)
                        .policy(MetadefPolicy.GET_OBJECT, access::target)
                        .to(request -> Response.json(200, view(items.show(request, Item.Kind.OBJECT)))),
                Route.put(one)
                        .policy(MetadefPolicy.MODIFY_OBJECT, access::target)
                        .body(BODY)
                        .to(request -> Response.json(200, view(items.update(request, Item.Kind.OBJECT)))),
                Route.delete(one)
                        .policy(MetadefPolicy.DELETE_OBJECT, access::target)
                        .to(request -> items.delete(request, Item.Kind.OBJECT)));
    }

    private Response list(Request request) {
        List<Map<String, Object>> shown = transactions.read(tx -> {
            Namespace namespace = access.see(tx, request);
            return access.allows(request, MetadefPolicy.GET_OBJECT, namespace)
                    ? views(namespace, store.list(tx, namespace, Item.Kind.OBJECT), "")
                    : List.<Map<String, Object>>of();
        });
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
