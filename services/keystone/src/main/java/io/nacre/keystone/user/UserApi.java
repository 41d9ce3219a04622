package io.nacre.keystone.user;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;
import static io.nacre.keystone.KeystonePolicy.orDomainReader;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Scopes;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "\\\\S"},
            "description": {"type": ["string", "null"]},
            "domain_id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
            "default_project_id":
              {"type": ["string", "null"], "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
            "enabled": {"type": "boolean"},
            "password": {"type": ["string", "null"]},
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
    private final UserStore users;
    private final ProjectStore projects;
    private final Passwords passwords;
    private final Removals removals;
    private final Ids ids;
    private final InstantSource clock;

    public UserApi(
            Transactions transactions,
            UserStore users,
            ProjectStore projects,
            Passwords passwords,
            Removals removals,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.users = users;
        this.projects = projects;
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
        List<Filter> filters = Filter.of(request.query(), "domain_id", "enabled", "name");
        PasswordExpiryFilter expiry = PasswordExpiryFilter.of(request.query());
        List<User> found = transactions.read(tx -> users.list(tx, filters)).stream()
                .filter(expiry)
                .toList();
        return Envelope.collection(
                request, "users", Scopes.visible(request.caller(), found, User::domainId), UserView::show);
    }

    private Response show(Request request) {
        User user = transactions.read(tx -> users.require(tx, request.param("user_id")));
        return Envelope.member(200, "user", UserView.show(request, user));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "user");
        String password = fields.text("password");
        User user = new User(
                ids.hex(),
                fields.required("name").strip(),
                domainOf(request, fields),
                fields.flag("enabled", true),
                fields.text("default_project_id"),
                password == null ? null : passwords.hash(password),
                null,
                clock.instant(),
                given(fields.map("options", Map.of())),
                fields.extra(KNOWN, Map.of()));
        transactions.run(tx -> {
            projects.requireDomain(tx, user.domainId());
            requireProject(user.defaultProjectId(), tx);
            users.create(tx, user);
        });
        return Envelope.member(201, "user", UserView.show(request, user));
    }

    /** The default project may be gone or not exist yet, but it cannot be a domain. */
    private void requireProject(@Nullable String projectId, io.nacre.base.Tx tx) {
        if (projectId != null) {
            projects.find(tx, projectId).filter(project -> project.isDomain()).ifPresent(domain -> {
                throw Fault.invalid("User's default project ID cannot be a domain ID: " + projectId + ".");
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
        String password = fields.text("password");
        String hash = password == null ? null : passwords.hash(password);
        User changed = transactions.write(tx -> {
            User present = users.require(tx, id);
            if (!present.domainId().equals(fields.text("domain_id", present.domainId()))) {
                throw Fault.invalid("Cannot change the domain of a user.");
            }
            String name = fields.text("name");
            Map<String, @Nullable Object> options = new LinkedHashMap<>(present.options());
            options.putAll(fields.map("options", Map.of()));
            User next = new User(
                    id,
                    name == null ? present.name() : name.strip(),
                    present.domainId(),
                    fields.flag("enabled", present.enabled()),
                    fields.text("default_project_id", present.defaultProjectId()),
                    fields.has("password") ? hash : present.passwordHash(),
                    present.passwordExpiresAt(),
                    present.createdAt(),
                    given(options),
                    fields.extra(KNOWN, present.extra()));
            requireProject(fields.text("default_project_id"), tx);
            users.update(tx, next);
            removals.userChanged(tx, present, next);
            return next;
        });
        return Envelope.member(200, "user", UserView.show(request, changed));
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.user(tx, users.require(tx, request.param("user_id"))));
        return Response.empty(204);
    }
}
