package io.nacre.keystone.auth;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.oauth.SignedRequest;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Authentication and token management": tokens. */
public final class AuthApi {
    private static final String SUBJECT = "X-Subject-Token";
    private static final String RECEIPT = "Openstack-Auth-Receipt";
    private static final String ACCESS_RULES = "OpenStack-Identity-Access-Rules";

    private static final PolicyRule VALIDATE = KeystonePolicy.domain(
            "validate_token", ADMIN_OR_SYSTEM_READER + " or rule:service_role or rule:token_subject");
    private static final PolicyRule CHECK =
            KeystonePolicy.domain("check_token", ADMIN_OR_SYSTEM_READER + " or rule:token_subject");
    private static final PolicyRule REVOKE = KeystonePolicy.domain("revoke_token", ADMIN + " or rule:token_subject");
    private static final PolicyRule CATALOG = KeystonePolicy.any("get_auth_catalog");

    private static final Schema LOGIN = Schema.of("""
            {"type": "object", "properties": {"auth": {"if": {"type": "null"}, "else": {"type": "object",
              "required": ["identity"], "properties": {
                "identity": {"type": "object", "required": ["methods"], "properties": {
                  "methods": {"type": "array", "items": {"type": "string"}},
                  "password": {"type": "object", "properties": {"user": {"type": "object", "properties": {
                    "id": {"type": "string"}, "name": {"type": "string"}, "password": {"type": "string"},
                    "domain": {"$ref": "#/$defs/named"}}}}},
                  "token": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}}},
                "scope": {"type": ["object", "string"], "properties": {
                  "project": {"type": "object", "properties": {
                    "id": {"type": "string"}, "name": {"type": "string"}, "domain": {"$ref": "#/$defs/named"}}},
                  "domain": {"$ref": "#/$defs/named"},
                  "OS-TRUST:trust": {"type": "object", "properties": {"id": {"type": "string"}}},
                  "system": {"type": "object", "properties": {"all": {"type": "boolean"}}}}}}}}},
             "$defs": {"named": {"type": "object", "properties": {
               "id": {"type": "string"}, "name": {"type": "string"}}}}}
            """);

    private final Transactions transactions;
    private final Login login;
    private final ValidTokens tokens;
    private final Revocations revocations;
    private final TokenView view;

    public AuthApi(
            Transactions transactions, Login login, ValidTokens tokens, Revocations revocations, TokenView view) {
        this.transactions = transactions;
        this.login = login;
        this.tokens = tokens;
        this.revocations = revocations;
        this.view = view;
    }

    public List<Route> routes() {
        String path = "/v3/auth/tokens";
        return List.of(
                Route.post(path).open().body(LOGIN).to(this::issue),
                Route.get(path).policy(VALIDATE, this::target).to(this::validate),
                Route.head(path).policy(CHECK, this::target).to(this::validate),
                Route.delete(path).policy(REVOKE, this::revokedTarget).to(this::revoke),
                Route.get("/v3/auth/catalog").policy(CATALOG).to(this::catalog));
    }

    private Response issue(Request request) {
        JsonNode auth = request.json().get("auth");
        if (auth == null || auth.isNull()) {
            throw AuthRequest.missing("auth", "request body");
        }
        AuthRequest wanted = AuthRequest.of(auth, () -> SignedRequest.withoutQuery(request));
        return switch (login.login(wanted, request.header(RECEIPT))) {
            case Login.Issued(String text, Authorization authorization) ->
                shown(201, text, view.fresh(authorization, withCatalog(request)));
            case Partial partial -> Response.json(401, TokenView.show(partial)).header(RECEIPT, partial.text());
        };
    }

    private static boolean withCatalog(Request request) {
        return !request.query().has("nocatalog");
    }

    private static Response shown(int status, String text, byte[] body) {
        return Response.bytes(status, "application/json", body).header(SUBJECT, text);
    }

    /** The token that the request is about; faults with NOT_FOUND when it is none or no longer good. */
    private Authorization subject(Request request) {
        String text = request.header(SUBJECT);
        if (text == null) {
            throw tokens.notFound("");
        }
        try {
            Authorization subject =
                    tokens.require(text, Boolean.TRUE.equals(request.query().bool("allow_expired")));
            requireAccessRulesUnderstood(request, subject);
            return subject;
        } catch (FaultException e) {
            throw e.is(Fault.Kind.UNAUTHENTICATED) ? tokens.notFound(text) : e;
        }
    }

    private Map<String, String> target(Request request) {
        return Map.of("target.token.user_id", subject(request).user().id());
    }

    /** Who may revoke no token but their own learns of no other, not even that there is none. */
    private Map<String, String> revokedTarget(Request request) {
        return request.header(SUBJECT) == null ? Map.of() : target(request);
    }

    private Response validate(Request request) {
        String text = String.valueOf(request.header(SUBJECT));
        return shown(200, text, view.show(text, subject(request), withCatalog(request)));
    }

    /** Who does not know access rules must not take a token that is bound to some as one that is not. */
    private static void requireAccessRulesUnderstood(Request request, Authorization subject) {
        ApplicationCredential credential = subject.credential();
        if (credential != null && credential.accessRules() != null) {
            String version = request.header(ACCESS_RULES);
            if (version == null || !version.matches("[1-9]\\d*(\\.\\d+)?")) {
                throw Fault.notFound("Failed to validate token");
            }
        }
    }

    private Response revoke(Request request) {
        Authorization subject = subject(request);
        transactions.run(tx -> revocations.revoke(tx, subject.token()));
        return Response.empty(204);
    }

    private Response catalog(Request request) {
        if (request.caller().projectId() == null) {
            throw Fault.forbidden("You are not authorized to perform the requested action.");
        }
        Authorization mine = tokens.require(request.token());
        return Response.json(
                200,
                Map.of("catalog", view.catalog(mine), "links", Map.of("self", Envelope.url(request, "/auth/catalog"))));
    }
}
