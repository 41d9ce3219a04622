package io.nacre.glance.metadef;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import io.nacre.glance.Pages;
import io.nacre.glance.image.ImageView;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Metadata definition namespaces". */
final class NamespaceApi {
    static final Schema BODY = SchemaApi.body("metadefs/namespace");
    private static final List<String> VISIBILITIES = List.of("public", "private");
    private static final View<Namespace> VIEW = new View<Namespace>()
            .field("namespace", Namespace::namespace)
            .field("display_name", Namespace::displayName)
            .field("description", Namespace::description)
            .field("visibility", Namespace::visibility)
            .field("protected", Namespace::guarded)
            .field("owner", Namespace::owner)
            .field("created_at", namespace -> ImageView.time(namespace.createdAt()))
            .field("updated_at", namespace -> ImageView.time(namespace.updatedAt()))
            .field("self", Wire::path)
            .field("schema", namespace -> "/v2/schemas/metadefs/namespace");

    private final Transactions transactions;
    private final NamespaceAccess access;
    private final NamespaceStore namespaces;
    private final NamespaceContent content;
    private final Clockwork clockwork;

    NamespaceApi(
            Transactions transactions,
            NamespaceAccess access,
            NamespaceStore namespaces,
            NamespaceContent content,
            Clockwork clockwork) {
        this.transactions = transactions;
        this.access = access;
        this.namespaces = namespaces;
        this.content = content;
        this.clockwork = clockwork;
    }

    List<Route> routes() {
        return List.of(
                Route.get(Wire.NAMESPACES).policy(MetadefPolicy.GET_NAMESPACES).to(this::list),
                Route.post(Wire.NAMESPACES)
                        .policy(MetadefPolicy.ADD_NAMESPACE)
                        .body(BODY)
                        .to(this::create),
                Route.get(Wire.NAMESPACE)
                        .policy(MetadefPolicy.GET_NAMESPACE, access::target)
                        .to(this::show),
                Route.put(Wire.NAMESPACE)
                        .policy(MetadefPolicy.MODIFY_NAMESPACE, access::target)
                        .body(BODY)
                        .to(this::update),
                Route.delete(Wire.NAMESPACE)
                        .policy(MetadefPolicy.DELETE_NAMESPACE, access::target)
                        .to(this::delete));
    }

    private Response list(Request request) {
        Caller caller = request.caller();
        Query query = request.query();
        String visibility = query.get("visibility");
        if (visibility != null && !VISIBILITIES.contains(visibility)) {
            throw Fault.invalid("Invalid visibility value: " + visibility);
        }
        String types = query.get("resource_types");
        NamespaceStore.Filter filter = new NamespaceStore.Filter(
                caller.projectId(),
                access.isAdmin(caller),
                visibility,
                types == null ? null : List.of(types.split(",")));
        int limit = Pages.limit(query);
        String marker = query.get("marker");
        Map<String, Object> body = new LinkedHashMap<>();
        List<Namespace> found = transactions.read(tx -> {
            String after =
                    marker == null ? null : access.see(tx, caller, marker).id();
            List<Namespace> page = namespaces.list(tx, filter, new Page(limit, after, Wire.sorts(query), false));
            body.put("namespaces", summaries(tx, request, page));
            return page;
        });
        body.put("first", Pages.link(request, null));
        body.put("schema", "/v2/schemas/metadefs/namespaces");
        if (!found.isEmpty() && found.size() == limit) {
            body.put("next", Pages.link(request, found.getLast().namespace()));
        }
        return Response.json(200, body);
    }

    private List<Map<String, Object>> summaries(Tx tx, Request request, List<Namespace> page) {
        Map<String, Map<String, Object>> contents = content.summaries(tx, page);
        return page.stream()
                .filter(namespace -> access.shows(request.caller(), namespace))
                .map(namespace -> {
                    Map<String, Object> shown = view(namespace);
                    shown.putAll(contents.getOrDefault(namespace.id(), Map.of()));
                    return shown;
                })
                .toList();
    }

    private Response create(Request request) {
        Wire.requireWritable(request.json());
        Instant now = clockwork.now();
        Namespace empty = new Namespace(clockwork.id(), 1, "", null, null, null, "private", false, now, now);
        Namespace namespace = described(empty, request, now);
        content.check(request, namespace);
        Map<String, Object> shown = transactions.write(tx -> {
            namespaces.add(tx, namespace);
            content.add(tx, Map.of(namespace, request.json()));
            return show(tx, request, namespace, null);
        });
        return Response.json(201, shown).header("Location", request.baseUrl() + Wire.location(Wire.path(namespace)));
    }

    private Response show(Request request) {
        String type = request.query().get("resource_type");
        return Response.json(200, transactions.read(tx -> show(tx, request, access.see(tx, request), type)));
    }

    private Map<String, Object> show(Tx tx, Request request, Namespace namespace, @Nullable String resourceType) {
        Map<String, Object> shown = view(namespace);
        shown.putAll(content.show(tx, request, namespace, resourceType));
        return shown;
    }

    private Response update(Request request) {
        Wire.requireWritable(request.json());
        Namespace updated = transactions.write(tx -> {
            Namespace wanted = described(access.see(tx, request), request, clockwork.now());
            namespaces.save(tx, wanted);
            return wanted;
        });
        return Response.json(200, view(updated));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Namespace namespace = access.see(tx, request);
            namespace.requireUnprotected();
            content.remove(tx, namespace);
            namespaces.remove(tx, namespace);
        });
        return Response.empty(204);
    }

    /** All that a body says, and nothing of what was said before. */
    private static Namespace described(Namespace before, Request request, Instant now) {
        JsonNode body = request.json();
        @Nullable String owner = Wire.text(body, "owner");
        return new Namespace(
                before.id(),
                before.generation(),
                Wire.name(body.get("namespace").stringValue()),
                Wire.text(body, "display_name"),
                Wire.text(body, "description"),
                owner == null ? request.caller().projectId() : owner,
                Objects.requireNonNullElse(Wire.text(body, "visibility"), "private"),
                body.path("protected").booleanValue(false),
                before.createdAt(),
                now);
    }

    private static Map<String, Object> view(Namespace namespace) {
        return Wire.known(VIEW.show(namespace));
    }
}
