package io.nacre.glance.metadef;

import io.nacre.base.Json;
import io.nacre.base.Page;
import io.nacre.glance.Pages;
import io.nacre.glance.image.ImageView;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Metadata definition tags". */
final class TagApi {
    static final Schema BODY = SchemaApi.body("metadefs/tag");

    private static final Schema LIST_BODY = Schema.of("""
            {
              "title": "tags",
              "type": "object",
              "properties": {
                "tags": {
                  "type": "array",
                  "items": {
                    "type": "object",
                    "properties": {"name": {"type": "string", "maxLength": 80}},
                    "required": ["name"],
                    "additionalProperties": false
                  }
                }
              },
              "required": ["tags"],
              "additionalProperties": false
            }
            """);

    private static final View<Item> VIEW = new View<Item>()
            .field("name", Item::name)
            .field("created_at", tag -> ImageView.time(tag.createdAt()))
            .field("updated_at", tag -> ImageView.time(tag.updatedAt()));

    private final NamespaceAccess access;
    private final Items tags;

    TagApi(NamespaceAccess access, Items tags) {
        this.access = access;
        this.tags = tags;
    }

    List<Route> routes() {
        return List.of(
                Route.get(tags.all())
                        .policy(MetadefPolicy.GET_TAGS, access::target)
                        .to(this::list),
                Route.post(tags.all())
                        .policy(MetadefPolicy.ADD_TAGS, access::target)
                        .body(LIST_BODY)
                        .to(this::createAll),
                Route.delete(tags.all())
                        .policy(MetadefPolicy.DELETE_NAMESPACE, access::target)
                        .to(request -> tags.deleteAll(request, MetadefPolicy.DELETE_TAGS)),
                Route.get(tags.one())
                        .policy(MetadefPolicy.GET_TAG, access::target)
                        .to(request -> Response.json(200, view(tags.show(request)))),
                Route.post(tags.one())
                        .policy(MetadefPolicy.ADD_TAG, access::target)
                        .to(this::create),
                Route.put(tags.one())
                        .policy(MetadefPolicy.MODIFY_TAG, access::target)
                        .body(BODY)
                        .to(request -> Response.json(200, view(tags.update(request)))),
                Route.delete(tags.one())
                        .policy(MetadefPolicy.DELETE_TAG, access::target)
                        .to(tags::delete));
    }

    /** All of them unless a limit is asked for. */
    private Response list(Request request) {
        Query query = request.query();
        int limit = query.has("limit") ? Pages.limit(query) : Integer.MAX_VALUE;
        String marker = query.get("marker");
        List<Item> found = tags.read(request, (tx, namespace) -> {
            String after =
                    marker == null ? null : tags.require(tx, namespace, marker).id();
            return tags.list(tx, namespace, new Page(limit, after, Wire.sorts(query), false));
        });
        return Response.json(200, "tags", names(found));
    }

    /** The name is in the path, and there is nothing else to say. */
    private Response create(Request request) {
        String name = request.param("name");
        BODY.check(Json.object().put("name", name));
        return Response.json(201, view(tags.create(request, name, Json.object())));
    }

    /** In place of all that were there, or beside them when the client says so. */
    private Response createAll(Request request) {
        JsonNode wanted = request.json().get("tags");
        boolean append = "true".equalsIgnoreCase(request.header("X-Openstack-Append"));
        return Response.json(201, "tags", names(tags.createAll(request, wanted, !append && !wanted.isEmpty())));
    }

    private static Map<String, Object> view(Items.Found found) {
        return Wire.known(VIEW.show(found.item()));
    }

    /** Tags as listings and the namespace tell of them. */
    static List<Map<String, String>> names(List<Item> tags) {
        return tags.stream().map(tag -> Map.of("name", tag.name())).toList();
    }
}
