package io.nacre.neutron.resource;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.neutron.NeutronFault;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * List, show, create (one or many), update, delete and tags of one kind of resource. A subclass says what creating,
 * updating and deleting mean.
 */
public abstract class ResourceApi<R extends Resource> {
    /** Every listing is open to every token: what the caller may not see is left out, not refused. */
    public static final PolicyRule ANYBODY =
            PolicyRule.project("regular_user", "@", "Listings, which leave out what the caller may not see.");

    /** What all of the resources work with. */
    public record Wiring(Transactions transactions, Supplier<Policy> policy) {}

    private final Transactions transactions;
    private final Supplier<Policy> policy;
    private final Attributes<R> attributes;
    private final ResourceStore<R> store;
    private final Guard<R> guard;
    private final Filters<R> filters;

    protected ResourceApi(Wiring wiring, Attributes<R> attributes, ResourceStore<R> store, Guard.Rules rules) {
        this.transactions = wiring.transactions();
        this.policy = wiring.policy();
        this.attributes = attributes;
        this.store = store;
        this.guard = new Guard<>(attributes, rules);
        this.filters = new Filters<>(attributes, store);
    }

    protected abstract R create(Tx tx, Caller caller, Input input);

    protected abstract R update(Tx tx, Caller caller, R present, Input input);

    protected abstract void delete(Tx tx, Caller caller, R present);

    /** What has to be there before a listing. */
    protected void beforeList(Caller caller) {}

    /** The rows that a caller without the admin role may see, before policy is asked. */
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        return project == null ? DSL.falseCondition() : store.project().eq(project);
    }

    /** What policy rules may ask of a new resource beside its attributes, such as the owner of its network. */
    protected Map<String, @Nullable Object> parents(Tx tx, Input input) {
        return Map.of();
    }

    /** The same of a resource that is there. */
    protected Map<String, @Nullable Object> parents(R resource) {
        return Map.of();
    }

    /** Path of the collection below /v2.0. */
    public String path() {
        return attributes.plural().replace('_', '-');
    }

    public List<PolicyRule> rules() {
        return guard.rules();
    }

    public List<Route> routes() {
        String all = "/v2.0/" + path();
        String one = all + "/{id}";
        List<Route> routes = new ArrayList<>(List.of(
                Route.get(all).policy(ANYBODY).to(this::list),
                Route.post(all).policy(ANYBODY).to(this::post),
                Route.get(one).policy(ANYBODY).to(this::show),
                Route.put(one).policy(ANYBODY).to(this::put),
                Route.delete(one).policy(ANYBODY).to(this::delete)));
        if (attributes.get("tags") != null) {
            routes.addAll(List.of(
                    Route.get(one + "/tags").policy(ANYBODY).to(this::tags),
                    Route.put(one + "/tags").policy(ANYBODY).to(this::setTags),
                    Route.delete(one + "/tags").policy(ANYBODY).to(this::clearTags),
                    Route.get(one + "/tags/{tag}").policy(ANYBODY).to(this::hasTag),
                    Route.put(one + "/tags/{tag}").policy(ANYBODY).to(this::addTag),
                    Route.delete(one + "/tags/{tag}").policy(ANYBODY).to(this::removeTag)));
        }
        return routes;
    }

    protected Transactions transactions() {
        return transactions;
    }

    protected ResourceStore<R> store() {
        return store;
    }

    private Response list(Request request) {
        Caller caller = request.caller();
        beforeList(caller);
        Map<String, List<String>> query = query(request);
        Page page = filters.page(query);
        Map<String, Field<?>> sortKeys = filters.sortKeys(page);
        Condition condition = filters.condition(query);
        Condition scoped = caller.isAdmin() ? condition : condition.and(visible(caller));
        List<R> found = transactions.read(tx -> store.page(tx, scoped, page, sortKeys));
        Set<String> fields = fields(request);
        List<Map<String, @Nullable Object>> views = new ArrayList<>(found.size());
        for (R resource : found) {
            Map<String, @Nullable Object> shown = attributes.show(resource, caller);
            Map<String, @Nullable Object> target = target(shown, parents(resource));
            if (guard.shows(policy.get(), caller, target)) {
                views.add(guard.view(policy.get(), caller, shown, target, fields));
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(attributes.plural(), views);
        List<Map<String, String>> links = links(request, page, found);
        if (!links.isEmpty()) {
            body.put(attributes.plural() + "_links", links);
        }
        return Response.json(200, body);
    }

    private static Map<String, List<String>> query(Request request) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        request.query().names().forEach(name -> query.put(name, request.query().all(name)));
        return query;
    }

    /** Next and previous page, when the client limits pages (api_common of neutron). */
    private List<Map<String, String>> links(Request request, Page page, List<R> found) {
        if (page.limit() == Integer.MAX_VALUE) {
            return List.of();
        }
        List<Map<String, String>> links = new ArrayList<>(2);
        boolean full = found.size() >= page.limit();
        if (full || page.backwards()) {
            Map<String, @Nullable String> changes = new HashMap<>();
            changes.put("page_reverse", null);
            changes.put("marker", found.isEmpty() ? null : found.getLast().id());
            links.add(Map.of("rel", "next", "href", request.url(changes)));
        }
        if (full || !page.backwards()) {
            Map<String, @Nullable String> changes = new HashMap<>();
            changes.put("page_reverse", "True");
            changes.put("marker", found.isEmpty() ? null : found.getFirst().id());
            links.add(Map.of("rel", "previous", "href", request.url(changes)));
        }
        return links;
    }

    private static Set<String> fields(Request request) {
        Set<String> fields = new LinkedHashSet<>();
        request.query().all("fields").forEach(value -> fields.addAll(List.of(value.split(","))));
        fields.remove("");
        return fields;
    }

    private static Map<String, @Nullable Object> target(
            Map<String, @Nullable Object> shown, Map<String, @Nullable Object> parents) {
        if (parents.isEmpty()) {
            return shown;
        }
        Map<String, @Nullable Object> target = new HashMap<>(shown);
        target.putAll(parents);
        return target;
    }

    private Map<String, @Nullable Object> target(R resource, Caller caller) {
        return target(attributes.show(resource, caller), parents(resource));
    }

    /** The resource, when the caller may see it. */
    protected R requireShown(Tx tx, Caller caller, String id) {
        R resource = store.require(tx, id);
        if (!guard.shows(policy.get(), caller, target(resource, caller))) {
            throw store.missing(id);
        }
        return resource;
    }

    /** For what can be done with a resource beside the usual. */
    protected void enforce(PolicyRule rule, Caller caller, R resource) {
        if (!policy.get().allows(rule.name(), caller, target(resource, caller))) {
            throw NeutronFault.forbidden(rule.name());
        }
    }

    private R requireUpdatable(Tx tx, Request request) {
        R present = requireShown(tx, request.caller(), request.param("id"));
        guard.update(policy.get(), request.caller(), new Input(Map.of(), Set.of()), target(present, request.caller()));
        return present;
    }

    protected Map<String, @Nullable Object> view(Caller caller, R resource, Set<String> fields) {
        Map<String, @Nullable Object> shown = attributes.show(resource, caller);
        return guard.view(policy.get(), caller, shown, target(shown, parents(resource)), fields);
    }

    private Response show(Request request) {
        R resource = transactions.read(tx -> requireShown(tx, request.caller(), request.param("id")));
        return Response.json(200, attributes.singular(), view(request.caller(), resource, fields(request)));
    }

    private Response post(Request request) {
        if (!request.hasBody()) {
            throw NeutronFault.badRequest("Resource body required");
        }
        JsonNode body = request.json();
        Caller caller = request.caller();
        JsonNode many = body.get(attributes.plural());
        if (many != null && body.size() == 1 && many.isArray()) {
            return Response.json(201, attributes.plural(), createAll(caller, many));
        }
        JsonNode one = body.get(attributes.singular());
        if (one == null || body.size() != 1) {
            throw NeutronFault.badRequest("Unable to find '" + attributes.singular() + "' in request body");
        }
        Input input = attributes.forCreate(caller, one);
        R made = transactions.write(tx -> createOne(tx, caller, input));
        return Response.json(201, attributes.singular(), view(caller, made, Set.of()));
    }

    private List<Map<String, @Nullable Object>> createAll(Caller caller, JsonNode many) {
        if (many.isEmpty()) {
            throw NeutronFault.badRequest("Resources required");
        }
        List<Input> inputs = new ArrayList<>();
        for (JsonNode one : many) {
            // Each item may stand in its own envelope, as old clients send it.
            JsonNode inner = one.isObject() && one.size() == 1 ? one.get(attributes.singular()) : null;
            inputs.add(attributes.forCreate(caller, inner == null ? one : inner));
        }
        List<R> made = transactions.write(
                tx -> inputs.stream().map(input -> createOne(tx, caller, input)).toList());
        return made.stream().map(one -> view(caller, one, Set.of())).toList();
    }

    private R createOne(Tx tx, Caller caller, Input input) {
        Map<String, @Nullable Object> target = target(input.values(), parents(tx, input));
        guard.create(policy.get(), caller, input, target);
        R made = create(tx, caller, input);
        return store.require(tx, made.id());
    }

    private Response put(Request request) {
        if (!request.hasBody()) {
            throw NeutronFault.badRequest("Resource body required");
        }
        Caller caller = request.caller();
        JsonNode one = request.json().get(attributes.singular());
        if (one == null || request.json().size() != 1) {
            throw NeutronFault.badRequest("Unable to find '" + attributes.singular() + "' in request body");
        }
        R changed = transactions.write(tx -> {
            R present = requireShown(tx, caller, request.param("id"));
            Input input = attributes.forUpdate(one);
            guard.update(policy.get(), caller, input, target(present, caller));
            requireRevision(request, present);
            R made = update(tx, caller, present, input);
            return store.require(tx, made.id());
        });
        return Response.json(200, attributes.singular(), view(caller, changed, Set.of()));
    }

    private Response delete(Request request) {
        Caller caller = request.caller();
        transactions.run(tx -> {
            R present = requireShown(tx, caller, request.param("id"));
            guard.delete(policy.get(), caller, target(present, caller));
            requireRevision(request, present);
            delete(tx, caller, present);
        });
        return Response.empty(204);
    }

    /** {@code If-Match: revision_number=N}: 412 when the resource has moved on. */
    private void requireRevision(Request request, R present) {
        String match = request.header("If-Match");
        if (match == null) {
            return;
        }
        String[] parts = match.replace("\"", "").trim().split("=", 2);
        if (parts.length != 2 || !parts[0].equals("revision_number") || !parts[1].matches("[0-9]{1,18}")) {
            throw NeutronFault.badRequest(
                    "Invalid value for If-Match header: " + match + ". It must be in the form revision_number=NUMBER");
        }
        if (Long.parseLong(parts[1]) != present.standard().revision()) {
            throw Fault.of(
                    Fault.Kind.PRECONDITION_FAILED,
                    "RevisionNumberConstraintFailed",
                    "Constrained to " + parts[1] + ", but current revision is "
                            + present.standard().revision());
        }
    }

    private Response tags(Request request) {
        R resource = transactions.read(tx -> requireShown(tx, request.caller(), request.param("id")));
        return Response.json(200, "tags", resource.standard().tags());
    }

    private Response hasTag(Request request) {
        R resource = transactions.read(tx -> requireShown(tx, request.caller(), request.param("id")));
        requireTag(resource, request.param("tag"));
        return Response.empty(204);
    }

    private static void requireTag(Resource resource, String tag) {
        if (!resource.standard().tags().contains(tag)) {
            throw NeutronFault.notFound("TagNotFound", "Tag " + tag + " could not be found.");
        }
    }

    private Response setTags(Request request) {
        Set<String> wanted = new LinkedHashSet<>();
        JsonNode list = request.json().get("tags");
        if (list == null || !list.isArray()) {
            throw NeutronFault.badRequest("Invalid tags body");
        }
        for (JsonNode tag : list) {
            wanted.add(tag(tag.isString() ? tag.asString() : ""));
        }
        R changed = writeTags(request, present -> wanted);
        return Response.json(200, "tags", changed.standard().tags());
    }

    private Response clearTags(Request request) {
        writeTags(request, present -> Set.of());
        return Response.empty(204);
    }

    private Response addTag(Request request) {
        String tag = tag(request.param("tag"));
        writeTags(request, present -> {
            Set<String> tags = new LinkedHashSet<>(present.standard().tags());
            tags.add(tag);
            return tags;
        });
        return Response.empty(201);
    }

    private Response removeTag(Request request) {
        writeTags(request, present -> {
            requireTag(present, request.param("tag"));
            Set<String> tags = new LinkedHashSet<>(present.standard().tags());
            tags.remove(request.param("tag"));
            return tags;
        });
        return Response.empty(204);
    }

    private R writeTags(Request request, java.util.function.Function<R, Set<String>> change) {
        return transactions.write(tx -> {
            R present = requireUpdatable(tx, request);
            store.tags().set(tx, present.id(), change.apply(present));
            store.touch(tx, present.id(), present.standard().updatedAt());
            return store.require(tx, present.id());
        });
    }

    private static String tag(String text) {
        if (text.isEmpty() || text.length() > 255 || text.contains(",")) {
            throw NeutronFault.badRequest("Invalid input for tags. Reason: '" + text + "' is not a valid tag.");
        }
        return text;
    }
}
