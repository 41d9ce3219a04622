package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Metadata definition properties". */
final class PropertyApi {
    static final Schema BODY = SchemaApi.body("metadefs/property");

    private final Transactions transactions;
    private final NamespaceAccess access;
    private final ResourceTypeStore types;
    private final ItemStore store;
    private final Items items;

    PropertyApi(
            Transactions transactions, NamespaceAccess access, ResourceTypeStore types, ItemStore store, Items items) {
        this.transactions = transactions;
        this.access = access;
        this.types = types;
        this.store = store;
        this.items = items;
    }

    List<Route> routes() {
        String all = Wire.NAMESPACE + "/properties";
        String one = all + "/{name}";
        return List.of(
                Route.get(all)
                        .policy(MetadefPolicy.GET_PROPERTIES, access::target)
                        .to(this::list),
                Route.post(all)
                        .policy(MetadefPolicy.ADD_PROPERTY, access::target)
                        .body(BODY)
                        .to(request -> Response.json(
                                201,
                                view(items.create(request, Item.Kind.PROPERTY).item()))),
                Route.delete(all)
                        .policy(MetadefPolicy.DELETE_NAMESPACE, access::target)
                        .to(request -> items.deleteAll(request, Item.Kind.PROPERTY)),
                Route.get(one)
                        .policy(MetadefPolicy.GET_PROPERTY, access::target)
                        .to(this::show),
                Route.put(one)
                        .policy(MetadefPolicy.MODIFY_PROPERTY, access::target)
                        .body(BODY)
                        .to(request -> Response.json(
                                200,
                                view(items.update(request, Item.Kind.PROPERTY).item()))),
                Route.delete(one)
                        .policy(MetadefPolicy.REMOVE_PROPERTY, access::target)
                        .to(request -> items.delete(request, Item.Kind.PROPERTY)));
    }

    private Response list(Request request) {
        List<Item> found = transactions.read(tx -> store.list(tx, access.see(tx, request), Item.Kind.PROPERTY));
        return Response.json(200, "properties", byName(found, ""));
    }

    /** A property may be asked for by the name that it has on resources of a type. */
    private Response show(Request request) {
        String type = request.query().get("resource_type");
        Item found = transactions.read(tx -> {
            Namespace namespace = access.see(tx, request);
            String name = request.param("name");
            if (type != null && !type.isEmpty()) {
                access.enforce(request, MetadefPolicy.GET_RESOURCE_TYPE, namespace);
                name = bare(name, prefix(tx, namespace, type));
            }
            return store.require(tx, namespace, Item.Kind.PROPERTY, name);
        });
        return Response.json(200, view(found));
    }

    private @Nullable String prefix(Tx tx, Namespace namespace, String type) {
        return types.find(tx, namespace, type)
                .orElseThrow(() -> Fault.notFound("The metadata definition resource-type association of resource-type="
                        + type + " to namespace=" + namespace.namespace() + ", was not found."))
                .prefix();
    }

    private static String bare(String name, @Nullable String prefix) {
        if (prefix == null || prefix.isEmpty() || !name.startsWith(prefix)) {
            throw Fault.notFound("Property " + name + " does not start with the expected resource type association"
                    + " prefix of '" + prefix + "'.");
        }
        return name.substring(prefix.length());
    }

    private static ObjectNode view(Item property) {
        return property.definition().deepCopy().put("name", property.name());
    }

    /** Properties as the namespace tells of them. */
    static Map<String, ObjectNode> byName(List<Item> properties, String prefix) {
        Map<String, ObjectNode> shown = new LinkedHashMap<>();
        properties.forEach(property -> shown.put(prefix + property.name(), property.definition()));
        return shown;
    }
}
