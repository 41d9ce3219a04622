package io.nacre.keystone.user;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;
import static io.nacre.keystone.KeystonePolicy.orDomainReader;

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
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** API reference "Users", but for their groups and projects. */
public final class UserApi {
    private static final PolicyRule LIST = KeystonePolicy.domain("list_users", orDomainReader("target.domain_id"));
    private static final PolicyRule GET = KeystonePolicy.domain(
            "get_user",
            ADMIN_OR_SYSTEM_READER + " or (role:reader and token.domain.id:%(target.user.domain_id)s)"
                    + " or user_id:%(target.user.id)s");
    private static final PolicyRule CREATE = KeystonePolicy.domain("create_user", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.domain("update_user", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.domain("delete_user", ADMIN);

    private static final String PROPERTIES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "[\\\\S]+"},
            "description": {"type": ["string", "null"]},
            "domain_id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
            "default_project_id":
              {"type": ["string", "null"], "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
            "enabled": {"type": "boolean"},
            "password": {"type": ["string", "null"]},
            "federated": {"type": "array", "items":
              {"type": "object", "required": ["idp_id", "protocols"], "properties": {
                "idp_id": {"type": "string", "maxLength": 64},
                "protocols": {"type": "array", "minItems": 1, "items":
                  {"type": "object", "required": ["protocol_id", "unique_id"], "properties": {
                    "protocol_id": {"type": "string", "maxLength": 64},
                    "unique_id": {"type": "string", "maxLength": 255}}}}}}},
            "options": {"type": "object", "additionalProperties": false, "properties": {
              "ignore_change_password_upon_first_use": {"type": ["boolean", "null"]},
              "ignore_password_expiry": {"type": ["boolean", "null"]},
              "ignore_lockout_failure_attempts": {"type": ["boolean", "null"]},
              "ignore_user_inactivity": {"type": ["boolean", "null"]},
              "lock_password": {"type": ["boolean", "null"]},
              "multi_factor_auth_enabled": {"type": ["boolean", "null"]},
              "multi_factor_auth_rules": {"type": ["array", "null"], "items":
                {"type": "array", "minItems": 1, "uniqueItems": true, "items": {"type": "string"}}}}}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["user"], "properties": {"user":
              {"type": "object", "required": ["name"], "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["user"], "properties": {"user":
              {"type": "object", "minProperties": 1, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Set<String> KNOWN = Set.of(
            "id",
            "name",
            "domain_id",
            "default_project_id",
            "enabled",
            "password",
            "options",
            "links",
            "password_expires_at",
            "original_password",
            "federated");

    private final Transactions transactions;
    private final Function<@Nullable String, Listings> listings;
    private final UserStore users;
    private final ProjectStore projects;
    private final FailedLoginStore failures;
    private final FederatedIdentities federated;
    private final PasswordRules rules;
    private final Passwords passwords;
    private final Removals removals;
    private final Ids ids;
    private final InstantSource clock;

    /** Where users are, and what they refer to. */
    public record Stores(
            UserStore users, ProjectStore projects, FailedLoginStore failures, FederatedIdentities federated) {}

    public UserApi(
            Transactions transactions,
            Function<@Nullable String, Listings> listings,
            Stores stores,
            PasswordRules rules,
            Passwords passwords,
            Removals removals,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.listings = listings;
        this.users = stores.users();
        this.projects = stores.projects();
        this.failures = stores.failures();
        this.federated = stores.federated();
        this.rules = rules;
        this.passwords = passwords;
        this.removals = removals;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v3/users")
                        .policy(LIST, r -> Scopes.target(r.caller(), "target.domain_id"))
                        .to(this::list),
                Route.post("/v3/users")
                        .policy(CREATE, UserApi::newTarget)
                        .body(CREATE_BODY)
                        .to(this::create),
                Route.get("/v3/users/{user_id}").policy(GET, this::target).to(this::show),
                Route.patch("/v3/users/{user_id}")
                        .policy(UPDATE, this::target)
                        .body(UPDATE_BODY)
                        .to(this::update),
                Route.delete("/v3/users/{user_id}").policy(DELETE, this::target).to(this::delete));
    }

    /** The user that the path names; empty when there is none. */
    public Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> users.find(tx, request.param("user_id")))
                .map(UserView::target)
                .orElse(Map.of());
    }

    private static Map<String, @Nullable Object> newTarget(Request request) {
        return Map.of("target.user.domain_id", domainOf(request, Fields.of(request, "user")));
    }

    private static String domainOf(Request request, Fields fields) {
        String domainId = fields.text("domain_id");
        return domainId == null ? Scopes.homeDomain(request.caller()) : domainId;
    }

    private Response list(Request request) {
        List<Filter> filters = Scopes.visible(
                request.caller(),
                PasswordExpiryFilter.and(
                        request.query(), "domain_id", "enabled", "name", "idp_id", "protocol_id", "unique_id"),
                "domain_id");
        return listings.apply(Scopes.listed(request.caller(), request.query().get("domain_id")))
                .collection(
                        request,
                        "users",
                        most -> transactions.read(tx -> users.list(tx, filters, most)),
                        UserView::show);
    }

    private Response show(Request request) {
        return Envelope.member(
                200, "user", transactions.read(tx -> show(tx, request, users.require(tx, request.param("user_id")))));
    }

    private Map<String, @Nullable Object> show(Tx tx, Request request, User user) {
        return federated.with(tx, user, UserView.show(request, user));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "user");
        String hash = hash(fields);
        Instant now = clock.instant();
        User user = rules.withGiven(
                new User(
                        ids.hex(),
                        fields.required("name").strip(),
                        domainOf(request, fields),
                        fields.flag("enabled", true),
                        fields.text("default_project_id"),
                        null,
                        now,
                        now.truncatedTo(ChronoUnit.DAYS),
                        given(fields.map("options", Map.of())),
                        fields.extra(KNOWN, Map.of())),
                hash);
        Map<String, @Nullable Object> shown = transactions.write(tx -> {
            projects.requireDomain(tx, user.domainId());
            requireProject(user.defaultProjectId(), tx);
            users.create(tx, user);
            federated.update(tx, user.id(), fields);
            return show(tx, request, user);
        });
        return Envelope.member(201, "user", shown);
    }

    /** Of the password that is sent; null when none is. */
    private @Nullable String hash(Fields fields) {
        if (!fields.has("password")) {
            return null;
        }
        String password = fields.text("password");
        rules.requireStrong(password);
        return password == null ? null : passwords.hash(password);
    }

    /** The default project may be gone or not exist yet, but it cannot be a domain. */
    private void requireProject(@Nullable String projectId, Tx tx) {
        if (projectId != null) {
            projects.find(tx, projectId).filter(project -> project.isDomain()).ifPresent(domain -> {
                throw Fault.invalid("User's default project ID cannot be a domain ID: " + projectId);
            });
        }
    }

    private static Map<String, @Nullable Object> given(Map<String, @Nullable Object> options) {
        Map<String, @Nullable Object> given = new LinkedHashMap<>(options);
        given.values().removeIf(Objects::isNull);
        return given;
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "user");
        String id = request.param("user_id");
        fields.requireId(id);
        String hash = hash(fields);
        Map<String, @Nullable Object> changed = transactions.write(tx -> {
            User present = users.require(tx, id);
            if (!present.domainId().equals(fields.text("domain_id", present.domainId()))) {
                throw Fault.invalid("Cannot change Domain ID");
            }
            requireProject(fields.text("default_project_id"), tx);
            User next = next(present, fields, hash);
            users.update(tx, next);
            federated.update(tx, id, fields);
            rules.changed(tx, present, next);
            if (fields.flag("enabled", false) || hash != null) {
                failures.forget(tx, id);
            }
            removals.userChanged(tx, present, next);
            return Envelope.twice(show(tx, request, next), next.extra());
        });
        return Envelope.member(200, "user", changed);
    }

    /** Whoever is enabled begins anew, as if they had logged in today. */
    private User next(User present, Fields fields, @Nullable String hash) {
        String name = fields.text("name");
        Map<String, @Nullable Object> options = new LinkedHashMap<>(present.options());
        options.putAll(fields.map("options", Map.of()));
        User next = new User(
                present.id(),
                name == null ? present.name() : name.strip(),
                present.domainId(),
                fields.flag("enabled", present.enabled()),
                fields.text("default_project_id", present.defaultProjectId()),
                present.password(),
                present.createdAt(),
                fields.flag("enabled", false) ? clock.instant().truncatedTo(ChronoUnit.DAYS) : present.lastActiveAt(),
                given(options),
                fields.extra(KNOWN, present.extra()));
        return fields.has("password") ? rules.withGiven(next, hash) : next;
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.user(tx, users.require(tx, request.param("user_id"))));
        return Response.empty(204);
    }
}
