package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.glance.image.ImageView;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Metadata definition resource types". */
final class ResourceTypeApi {
    static final Schema BODY = SchemaApi.body("metadefs/resource_type");
    private static final View<ResourceType> TYPE_VIEW = new View<ResourceType>()
            .field("name", ResourceType::name)
            .field("created_at", type -> ImageView.time(type.createdAt()))
            .field("updated_at", type -> ImageView.time(type.updatedAt()));
    private static final View<Association> VIEW = new View<Association>()
            .field("name", Association::name)
            .field("prefix", Association::prefix)
            .field("properties_target", Association::propertiesTarget)
            .field("created_at", association -> ImageView.time(association.createdAt()))
            .field("updated_at", association -> ImageView.time(association.updatedAt()));

    private final Transactions transactions;
    private final NamespaceAccess access;
    private final ResourceTypeStore types;
    private final InstantSource clock;

    ResourceTypeApi(Transactions transactions, NamespaceAccess access, ResourceTypeStore types, InstantSource clock) {
        this.transactions = transactions;
        this.access = access;
        this.types = types;
        this.clock = clock;
    }

    List<Route> routes() {
        String path = Wire.NAMESPACE + "/resource_types";
        return List.of(
                Route.get("/v2/metadefs/resource_types")
                        .policy(MetadefPolicy.LIST_RESOURCE_TYPES)
                        .to(this::listTypes),
                Route.get(path)
                        .policy(MetadefPolicy.LIST_RESOURCE_TYPES, access::target)
                        .to(this::list),
                Route.post(path)
                        .policy(MetadefPolicy.ADD_ASSOCIATION, access::target)
                        .body(BODY)
                        .to(this::associate),
                Route.delete(path + "/{resource_type}")
                        .policy(MetadefPolicy.REMOVE_ASSOCIATION, access::target)
                        .to(this::dissociate));
    }

    private Response listTypes(Request request) {
        return Response.json(200, "resource_types", TYPE_VIEW.showAll(transactions.read(types::all), 0));
    }

    private Response list(Request request) {
        List<Association> found = transactions.read(tx -> {
            Namespace namespace = access.see(tx, request);
            return access.allows(request, MetadefPolicy.GET_RESOURCE_TYPE, namespace)
                    ? types.ofNamespace(tx, namespace)
                    : List.<Association>of();
        });
        return Response.json(200, "resource_type_associations", views(found));
    }

    private Response associate(Request request) {
        Wire.requireWritable(request.json());
        Instant now = clock.instant();
        Association made = transactions.write(tx -> {
            Namespace namespace = access.hold(tx, request);
            Association association = association(namespace, request.json(), now);
            types.associate(tx, namespace, association);
            return association;
        });
        return Response.json(201, view(made));
    }

    private Response dissociate(Request request) {
        String type = request.param("resource_type");
        transactions.run(tx -> {
            Namespace namespace = access.hold(tx, request);
            if (types.find(tx, namespace, type).isEmpty()) {
                throw Fault.notFound("Failed to find resource type " + type + " to delete");
            }
            if (namespace.guarded()) {
                throw Fault.forbidden("Metadata definition resource-type-association " + type
                        + " is protected and cannot be deleted.");
            }
            types.dissociate(tx, namespace, type);
        });
        return Response.empty(204);
    }

    /** What a body that fits the schema says. */
    static Association association(Namespace namespace, JsonNode body, Instant now) {
        return new Association(
                namespace.id(),
                Wire.name(Wire.nameIn(body)),
                Wire.text(body, "prefix"),
                Wire.text(body, "properties_target"),
                now,
                now);
    }

    static List<Map<String, Object>> views(List<Association> associations) {
        return associations.stream().map(ResourceTypeApi::view).toList();
    }

    /** As a body has it that makes the same one. */
    static Map<String, Object> body(Association association) {
        Map<String, Object> body = view(association);
        body.keySet().removeAll(List.of("created_at", "updated_at"));
        return body;
    }

    private static Map<String, Object> view(Association association) {
        return Wire.known(VIEW.show(association));
    }
}
