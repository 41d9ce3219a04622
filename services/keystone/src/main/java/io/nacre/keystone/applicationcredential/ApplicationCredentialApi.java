package io.nacre.keystone.applicationcredential;

import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;
import static io.nacre.keystone.KeystonePolicy.OWNER;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.applicationcredential.ApplicationCredential.AccessRule;
import io.nacre.keystone.auth.Authorization;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.trust.Trust;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Application credentials". */
public final class ApplicationCredentialApi {
    private static final PolicyRule LIST =
            KeystonePolicy.cloud("list_application_credentials", ADMIN_OR_SYSTEM_READER + " or " + OWNER);
    private static final PolicyRule GET =
            KeystonePolicy.cloud("get_application_credential", ADMIN_OR_SYSTEM_READER + " or " + OWNER);
    private static final PolicyRule CREATE =
            KeystonePolicy.project("create_application_credential", "user_id:%(user_id)s");
    private static final PolicyRule DELETE =
            KeystonePolicy.cloud("delete_application_credential", "rule:admin_or_owner");

    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["application_credential"], "properties": {"application_credential":
              {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "\\\\S"},
                "description": {"type": ["string", "null"]},
                "secret": {"type": ["string", "null"]},
                "expires_at": {"type": ["string", "null"]},
                "unrestricted": {"type": "boolean"},
                "roles": {"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1,
                  "additionalProperties": false, "properties": {
                    "id": {"type": "string", "minLength": 1, "maxLength": 64},
                    "name": {"type": "string", "minLength": 1, "maxLength": 255}}}},
                "access_rules": {"type": "array", "items": {"type": "object", "additionalProperties": false,
                  "anyOf": [{"required": ["id"]}, {"required": ["service", "method", "path"]}],
                  "properties": {
                    "id": {"type": "string", "minLength": 1, "maxLength": 64},
                    "path": {"type": "string", "maxLength": 225, "pattern": "^\\\\/.*"},
                    "method": {"type": "string", "pattern": "^(POST|GET|HEAD|PATCH|PUT|DELETE)$"},
                    "service": {"type": "string", "minLength": 1, "maxLength": 64,
                                "pattern": "^[a-zA-Z0-9-]+$"}}}}}}}}
            """);

    private final Transactions transactions;
    private final ApplicationCredentialStore credentials;
    private final RoleStore roles;
    private final Passwords passwords;
    private final ValidTokens tokens;
    private final Revocations revocations;
    private final Ids ids;
    private final InstantSource clock;

    public ApplicationCredentialApi(
            Transactions transactions,
            ApplicationCredentialStore credentials,
            RoleStore roles,
            Passwords passwords,
            ValidTokens tokens,
            Revocations revocations,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.credentials = credentials;
        this.roles = roles;
        this.passwords = passwords;
        this.tokens = tokens;
        this.revocations = revocations;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        String all = "/v3/users/{user_id}/application_credentials";
        String one = all + "/{application_credential_id}";
        return List.of(
                Route.get(all)
                        .policy(LIST, ApplicationCredentialApi::pathTarget)
                        .to(this::list),
                Route.post(all)
                        .policy(CREATE, ApplicationCredentialApi::pathTarget)
                        .body(BODY)
                        .to(this::create),
                Route.get(one).policy(GET, this::target).to(this::show),
                Route.delete(one).policy(DELETE, this::target).to(this::delete));
    }

    private static Map<String, @Nullable Object> pathTarget(Request request) {
        return Map.of("user_id", request.param("user_id"));
    }

    /** The owner is who the credential says, whatever the path says. */
    private Map<String, @Nullable Object> target(Request request) {
        return transactions
                .read(tx -> credentials.find(tx, request.param("application_credential_id")))
                .<Map<String, @Nullable Object>>map(found -> Map.of("user_id", found.userId()))
                .orElseGet(() -> pathTarget(request));
    }

    private static Map<String, @Nullable Object> show(
            Request request, ApplicationCredential credential, Map<String, Role> known) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", credential.id());
        shown.put("name", credential.name());
        shown.put("description", credential.description());
        shown.put("user_id", credential.userId());
        shown.put("project_id", credential.projectId());
        shown.put("system", null);
        shown.put("expires_at", Times.plain(credential.expiresAt()));
        shown.put("unrestricted", credential.unrestricted());
        List<Map<String, @Nullable Object>> roles = new ArrayList<>();
        for (String id : credential.roleIds()) {
            Role role = known.get(id);
            if (role != null) {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                one.put("id", role.id());
                one.put("name", role.name());
                one.put("domain_id", role.domainId());
                one.put("description", role.description());
                one.put("options", role.options());
                roles.add(one);
            }
        }
        shown.put("roles", roles);
        if (credential.accessRules() != null) {
            shown.put("access_rules", credential.accessRules());
        }
        return Envelope.linked(
                request, shown, "/users/" + credential.userId() + "/application_credentials/" + credential.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "name");
        List<Map<String, @Nullable Object>> shown = transactions.read(tx -> {
            Map<String, Role> known = roles.graph(tx).roles();
            return credentials.list(tx, request.param("user_id"), filters).stream()
                    .map(credential -> show(request, credential, known))
                    .toList();
        });
        return Envelope.collection(request, "application_credentials", shown);
    }

    private Response show(Request request) {
        return transactions.read(tx -> Envelope.member(
                200,
                "application_credential",
                show(
                        request,
                        credentials.require(tx, request.param("application_credential_id")),
                        roles.graph(tx).roles())));
    }

    /** A token that ends with an access token makes nothing that does not; a token of a restricted application credential makes no further ones and takes none away. */
    private Authorization unrestricted(Request request) {
        Authorization token = tokens.require(request.token());
        if (token.isBoundToCertificate()) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Managing application"
                    + " credentials with a token that is bound to a certificate.");
        }
        if (token.accessToken() != null) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Using method 'oauth1' is not"
                    + " allowed for managing application credentials.");
        }
        if (token.credential() != null && !token.credential().unrestricted()) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Using method"
                    + " 'application_credential' is not allowed for managing additional application credentials..");
        }
        return token;
    }

    private Response create(Request request) {
        Authorization token = unrestricted(request);
        Fields fields = Fields.of(request, "application_credential");
        String userId = request.param("user_id");
        if (!request.caller().requireUser().equals(userId)) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Cannot create an application"
                    + " credential for another user.");
        }
        String sent = fields.text("secret");
        String secret = sent == null || sent.isEmpty() ? secret() : sent;
        String hash = passwords.hash(secret);
        String id = ids.hex();
        Map<String, @Nullable Object> shown = transactions.write(tx -> {
            ApplicationCredential credential = new ApplicationCredential(
                    id,
                    fields.required("name"),
                    userId,
                    request.caller().requireProject(),
                    hash,
                    fields.text("description"),
                    end(token, Times.expiry(fields.text("expires_at"), clock.instant())),
                    fields.flag("unrestricted", false),
                    roleIds(tx, fields, token),
                    accessRules(tx, fields, userId),
                    source(token));
            requireNotWider(token, credential);
            credentials.create(tx, credential);
            return show(request, credential, roles.graph(tx).roles());
        });
        shown.put("secret", secret);
        return Envelope.member(201, "application_credential", shown);
    }

    /** The trust that what is made with this token depends on. */
    private static @Nullable String source(Authorization token) {
        Trust trust = token.trust();
        ApplicationCredential parent = token.credential();
        return trust != null ? trust.id() : parent == null ? null : parent.trustId();
    }

    /** One made with a trust ends with it. */
    private static @Nullable Instant end(Authorization token, @Nullable Instant wanted) {
        Instant last = token.trust() == null ? null : token.trust().expiresAt();
        return last == null || (wanted != null && wanted.isBefore(last)) ? wanted : last;
    }

    /** One made with another stays within it in time and in what it may ask for. */
    private static void requireNotWider(Authorization token, ApplicationCredential wanted) {
        ApplicationCredential parent = token.credential();
        if (parent == null) {
            return;
        }
        boolean longer = parent.expiresAt() != null
                && (wanted.expiresAt() == null || wanted.expiresAt().isAfter(parent.expiresAt()));
        boolean more = parent.accessRules() != null
                && (wanted.accessRules() == null || !parent.accessRules().containsAll(wanted.accessRules()));
        if (longer || more) {
            throw Fault.forbidden("An application credential that is made with another cannot outlive it or allow more"
                    + " requests.");
        }
    }

    private String secret() {
        byte[] bytes = new byte[64];
        ids.random().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** The roles asked for with all they imply, or those of the token; never one that the token has not. */
    private List<String> roleIds(Tx tx, Fields fields, Authorization token) {
        Set<String> own = token.roles().stream().map(Role::id).collect(Collectors.toCollection(LinkedHashSet::new));
        JsonNode sent = fields.node("roles");
        if (sent == null || sent.isEmpty()) {
            return List.copyOf(own);
        }
        List<String> wanted = roles.named(tx, sent);
        Set<String> expanded = new LinkedHashSet<>(wanted);
        expanded.addAll(roles.graph(tx).expand(wanted));
        if (!own.containsAll(expanded)) {
            throw Fault.invalid(
                    "Invalid application credential: Cannot create an application credential with unassigned role");
        }
        return List.copyOf(expanded);
    }

    /** An empty list restricts nothing, as in the original. */
    private @Nullable List<AccessRule> accessRules(Tx tx, Fields fields, String userId) {
        JsonNode sent = fields.node("access_rules");
        if (sent == null || sent.isEmpty()) {
            return null;
        }
        List<AccessRule> rules = new ArrayList<>();
        for (JsonNode rule : sent) {
            JsonNode id = rule.get("id");
            if (id == null) {
                AccessRule wanted = new AccessRule(
                        ids.hex(),
                        rule.get("service").asString(),
                        rule.get("path").asString(),
                        rule.get("method").asString());
                rules.add(credentials.createRule(tx, userId, wanted));
            } else {
                rules.add(credentials
                        .findRule(tx, userId, id.asString())
                        .orElseThrow(() -> Fault.notFound("Could not find Access Rule: " + id.asString() + ".")));
            }
        }
        return rules;
    }

    private Response delete(Request request) {
        unrestricted(request);
        transactions.run(tx -> {
            credentials.delete(
                    tx,
                    credentials
                            .require(tx, request.param("application_credential_id"))
                            .id());
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}
