package io.nacre.glance.metadef;

import io.nacre.base.Fault;
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

    private final NamespaceAccess access;
    private final ResourceTypeStore types;
    private final Items properties;

    PropertyApi(NamespaceAccess access, ResourceTypeStore types, Items properties) {
        this.access = access;
        this.types = types;
        this.properties = properties;
    }

    List<Route> routes() {
        return List.of(
                Route.get(properties.all())
                        .policy(MetadefPolicy.GET_PROPERTIES, access::target)
                        .to(request ->
                                Response.json(200, "properties", named(properties.read(request, properties::list)))),
                Route.post(properties.all())
                        .policy(MetadefPolicy.ADD_PROPERTY, access::target)
                        .body(BODY)
                        .to(request -> Response.json(201, view(properties.create(request)))),
                Route.delete(properties.all())
                        .policy(MetadefPolicy.DELETE_NAMESPACE, access::target)
                        .to(properties::deleteAll),
                Route.get(properties.one())
                        .policy(MetadefPolicy.GET_PROPERTY, access::target)
                        .to(request -> Response.json(200, view(show(request)))),
                Route.put(properties.one())
                        .policy(MetadefPolicy.MODIFY_PROPERTY, access::target)
                        .body(BODY)
                        .to(request -> Response.json(200, view(properties.update(request)))),
                Route.delete(properties.one())
                        .policy(MetadefPolicy.REMOVE_PROPERTY, access::target)
                        .to(properties::delete));
    }

    /** A property may be asked for by the name that it has on resources of a type. */
    private Items.Found show(Request request) {
        String type = request.query().get("resource_type");
        if (type == null || type.isEmpty()) {
            return properties.show(request);
        }
        return properties.read(request, (tx, namespace) -> {
            access.enforce(request, MetadefPolicy.GET_RESOURCE_TYPE, namespace);
            String name = bare(request.param("name"), prefix(tx, namespace, type));
            return new Items.Found(namespace, properties.require(tx, namespace, name));
        });
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

    private static ObjectNode view(Items.Found found) {
        return found.item().body();
    }

    private static Map<String, ObjectNode> named(List<Item> properties) {
        Map<String, ObjectNode> shown = byName(properties, "");
        shown.replaceAll((name, definition) -> definition.deepCopy().put("name", name));
        return shown;
    }

    /** Properties as the namespace tells of them. */
    static Map<String, ObjectNode> byName(List<Item> properties, String prefix) {
        Map<String, ObjectNode> shown = new LinkedHashMap<>();
        properties.forEach(property -> shown.put(prefix + property.name(), property.definition()));
        return shown;
    }
}
