package io.nacre.keystone.role;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Listings;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Roles": the roles themselves. */
public final class RoleApi {
    private static final PolicyRule LIST = KeystonePolicy.domain("list_roles", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.domain("get_role", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_role", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_role", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_role", ADMIN);

    private static final PolicyRule LIST_OF_DOMAIN = KeystonePolicy.cloud("list_domain_roles", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET_OF_DOMAIN = KeystonePolicy.cloud("get_domain_role", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE_OF_DOMAIN = KeystonePolicy.cloud("create_domain_role", ADMIN);
    private static final PolicyRule UPDATE_OF_DOMAIN = KeystonePolicy.cloud("update_domain_role", ADMIN);
    private static final PolicyRule DELETE_OF_DOMAIN = KeystonePolicy.cloud("delete_domain_role", ADMIN);

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "[\\\\S]+"},
            "description": {"type": "string"},
            "domain_id": {"type": ["string", "null"], "minLength": 1, "maxLength": 64},
            "options": {"type": "object", "additionalProperties": false,
                        "properties": {"immutable": {"type": ["boolean", "null"]}}}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["role"], "properties": {"role":
              {"type": "object", "required": ["name"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["role"], "properties": {"role":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of("id", "name", "domain_id", "description", "options", "links");

    private final Transactions transactions;
    private final Listings listings;
    private final RoleStore roles;
    private final ProjectStore projects;
    private final Revocations revocations;
    private final Removals removals;
    private final Ids ids;

    public RoleApi(
            Transactions transactions,
            Listings listings,
            RoleStore roles,
            ProjectStore projects,
            Revocations revocations,
            Removals removals,
            Ids ids) {
        this.transactions = transactions;
        this.listings = listings;
        this.roles = roles;
        this.projects = projects;
        this.revocations = revocations;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        return List.of(
                either(Route.get("/v3/roles"), LIST, LIST_OF_DOMAIN, RoleApi::asked)
                        .to(this::list),
                either(Route.post("/v3/roles"), CREATE, CREATE_OF_DOMAIN, RoleApi::sent)
                        .body(CREATE_BODY)
                        .to(this::create),
                either(Route.get("/v3/roles/{role_id}"), GET, GET_OF_DOMAIN, this::existing)
                        .to(this::show),
                either(Route.patch("/v3/roles/{role_id}"), UPDATE, UPDATE_OF_DOMAIN, this::existing)
                        .body(UPDATE_BODY)
                        .to(this::update),
                either(Route.delete("/v3/roles/{role_id}"), DELETE, DELETE_OF_DOMAIN, this::existing)
                        .to(this::delete));
    }

    /** Roles of a domain have rules of their own. */
    private static Route.Builder either(
            Route.Builder route, PolicyRule rule, PolicyRule ofDomain, Function<Request, @Nullable String> domain) {
        return route.policy(List.of(rule, ofDomain), request -> {
            String domainId = domain.apply(request);
            return domainId == null
                    ? new Route.Check(rule, Map.of())
                    : new Route.Check(ofDomain, Map.of("target.role.domain_id", domainId));
        });
    }

    private static @Nullable String asked(Request request) {
        return request.query().get("domain_id");
    }

    private static @Nullable String sent(Request request) {
        JsonNode domainId = request.json().path("role").path("domain_id");
        return domainId.isString() ? domainId.asString() : null;
    }

    /** Here what does not exist is 404 for everybody, as in the original. */
    private @Nullable String existing(Request request) {
        return transactions.read(tx -> require(tx, request)).domainId();
    }

    public static Map<String, @Nullable Object> show(Request request, Role role) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(role.extra());
        shown.put("id", role.id());
        shown.put("name", role.name());
        shown.put("domain_id", role.domainId());
        shown.put("description", role.description());
        shown.put("options", role.options());
        return Envelope.linked(request, shown, "/roles/" + role.id());
    }

    private Response list(Request request) {
        String domainId = asked(request);
        List<Filter> filters = Filter.of(request.query(), "name");
        return listings.collection(
                request,
                "roles",
                most -> transactions.read(tx -> roles.list(tx, domainId, filters, most)),
                RoleApi::show);
    }

    private Role require(Tx tx, Request request) {
        return roles.require(tx, request.param("role_id"));
    }

    private Response show(Request request) {
        Role role = transactions.read(tx -> require(tx, request));
        return Envelope.member(200, "role", show(request, role));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "role");
        Role role = new Role(
                ids.hex(),
                fields.required("name").strip(),
                fields.text("domain_id"),
                fields.text("description"),
                fields.map("options", Map.of()),
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            if (role.domainId() != null) {
                projects.requireDomain(tx, role.domainId());
            }
            roles.create(tx, role);
        });
        return Envelope.member(201, "role", show(request, role));
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "role");
        fields.requireId(request.param("role_id"));
        Role changed = transactions.write(tx -> {
            Role present = require(tx, request);
            if (!fields.onlyUnlocks()) {
                present.requireMutable("update");
            }
            if (!Objects.equals(present.domainId(), fields.text("domain_id", present.domainId()))) {
                throw Fault.invalid("Update of `domain_id` is not allowed.");
            }
            String name = fields.text("name");
            Map<String, @Nullable Object> options = new LinkedHashMap<>(present.options());
            options.putAll(fields.map("options", Map.of()));
            options.values().removeIf(Objects::isNull);
            Role next = new Role(
                    present.id(),
                    name == null ? present.name() : name.strip(),
                    present.domainId(),
                    fields.text("description", present.description()),
                    options,
                    fields.extra(KNOWN, present.extra()));
            roles.update(tx, next);
            revocations.changed(tx);
            return next;
        });
        return Envelope.member(200, "role", show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Role role = require(tx, request);
            role.requireMutable("delete");
            removals.role(tx, role);
        });
        return Response.empty(204);
    }
}
