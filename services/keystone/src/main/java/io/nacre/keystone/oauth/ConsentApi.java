package io.nacre.keystone.oauth;

import static io.nacre.keystone.KeystonePolicy.ADMIN;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.auth.Authorization;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.role.RoleStore;
import io.nacre.policy.PolicyRule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "OS-OAUTH1": a consumer asks, a user allows, the consumer takes. */
public final class ConsentApi {
    private static final PolicyRule AUTHORIZE = KeystonePolicy.project("authorize_request_token", ADMIN);
    private static final Schema ROLES = Schema.of("""
            {"type": "object", "properties": {"roles": {"type": "array", "items":
              {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false, "properties": {
                "id": {"type": "string", "minLength": 1, "maxLength": 64},
                "name": {"type": "string", "minLength": 1, "maxLength": 255}}}}}}
            """);

    private static final String DELEGATED = "Cannot authorize a request token with a token issued via delegation.";

    /** Letters and digits that nobody takes for each other. */
    private static final String VERIFIER = "abcdefghkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    private static final int VERIFIER_LENGTH = 8;

    private final Transactions transactions;
    private final Stores stores;
    private final EffectiveRoles effective;
    private final ValidTokens validTokens;
    private final OAuthConfig config;
    private final Ids ids;
    private final InstantSource clock;

    /** Where it looks things up. */
    public record Stores(ConsumerStore consumers, OAuthTokenStore tokens, ProjectStore projects, RoleStore roles) {}

    public ConsentApi(
            Transactions transactions,
            Stores stores,
            EffectiveRoles effective,
            ValidTokens validTokens,
            OAuthConfig config,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.stores = stores;
        this.effective = effective;
        this.validTokens = validTokens;
        this.config = config;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        String path = "/v3/OS-OAUTH1/";
        return List.of(
                Route.post(path + "request_token").open().to(this::ask),
                Route.put(path + "authorize/{request_token_id}")
                        .policy(AUTHORIZE)
                        .body(ROLES)
                        .to(this::allow),
                Route.post(path + "access_token").open().to(this::take));
    }

    private Response ask(Request request) {
        SignedRequest signed = SignedRequest.of(request);
        String consumerId = signed.required("oauth_consumer_key");
        String projectId = request.header("Requested-Project-Id");
        if (projectId == null || projectId.isEmpty()) {
            throw Fault.invalid("Expecting to find Requested-Project-Id in request.");
        }
        signed.requireWellFormed(clock.instant());
        if (signed.parameter("oauth_callback") == null) {
            throw Fault.invalid(
                    "Validation failed with errors: invalid_request, detail message is: Missing callback URI.");
        }
        String secret = ids.hex();
        RequestToken token =
                new RequestToken(ids.hex(), consumerId, projectId, end(config.requestTokenDuration()), null);
        transactions.run(tx -> {
            stores.projects().require(tx, projectId);
            stores.consumers().require(tx, consumerId);
            requireSigned(tx, signed, consumerId, "");
            stores.tokens().create(tx, token, secret);
        });
        return told(token.id(), secret, token.expiresAt());
    }

    private void requireSigned(Tx tx, SignedRequest signed, String consumerId, String tokenSecret) {
        boolean right = stores.consumers()
                .secret(tx, consumerId)
                .filter(secret -> signed.isSignedWith(secret, tokenSecret))
                .isPresent();
        if (!right) {
            throw Fault.unauthenticated("Invalid signature");
        }
    }

    private @Nullable Instant end(Duration lifetime) {
        return lifetime.isZero() ? null : clock.instant().plus(lifetime);
    }

    private static Response told(String id, String secret, @Nullable Instant expiresAt) {
        String form = "oauth_token=" + id + "&oauth_token_secret=" + secret
                + (expiresAt == null ? "" : "&oauth_expires_at=" + Times.iso(expiresAt));
        return Response.bytes(201, "application/x-www-form-urlencoded", form.getBytes(StandardCharsets.UTF_8));
    }

    private Response allow(Request request) {
        Authorization user = validTokens.require(request.token());
        user.requireUndelegated(DELEGATED);
        if (user.credential() != null) {
            throw Fault.forbidden(DELEGATED);
        }
        String verifier = verifier();
        transactions.run(tx -> {
            RequestToken token = current(tx, request.param("request_token_id"));
            List<String> roleIds = stores.roles().named(tx, request.json().path("roles"));
            Project project = stores.projects().require(tx, token.projectId());
            if (!effective.allOnProject(tx, user.user().id(), project).containsAll(roleIds)) {
                throw Fault.unauthenticated("authorizing user does not have role required");
            }
            stores.tokens()
                    .authorize(
                            tx, token.id(), new RequestToken.Grant(user.user().id(), verifier, roleIds));
        });
        return Response.json(200, "token", Map.of("oauth_verifier", verifier));
    }

    private RequestToken current(Tx tx, String id) {
        RequestToken token = stores.tokens().requireRequest(tx, id);
        if (token.isExpired(clock.instant())) {
            throw Fault.unauthenticated("Request token is expired");
        }
        return token;
    }

    private String verifier() {
        StringBuilder verifier = new StringBuilder();
        for (int i = 0; i < VERIFIER_LENGTH; i++) {
            verifier.append(VERIFIER.charAt(ids.random().nextInt(VERIFIER.length())));
        }
        return verifier.toString();
    }

    private Response take(Request request) {
        SignedRequest signed = SignedRequest.of(request);
        String consumerId = signed.required("oauth_consumer_key");
        String requestId = signed.required("oauth_token");
        String verifier = signed.required("oauth_verifier");
        signed.requireWellFormed(clock.instant());
        String id = ids.hex();
        String secret = ids.hex();
        Instant expiresAt = end(config.accessTokenDuration());
        transactions.run(tx -> {
            RequestToken token = current(tx, requestId);
            if (!token.consumerId().equals(consumerId)) {
                throw Fault.unauthenticated("Provided consumer key does not match stored consumer key.");
            }
            requireSigned(tx, signed, consumerId, stores.tokens().requestSecret(tx, requestId));
            RequestToken.Grant grant = token.grant();
            if (grant == null) {
                throw Fault.unauthenticated("Request Token does not have an authorizing user id.");
            }
            if (!grant.verifier().equals(verifier)) {
                throw Fault.unauthenticated("Provided verifier does not match stored verifier");
            }
            stores.tokens()
                    .exchange(
                            tx,
                            token,
                            new AccessToken(
                                    id, consumerId, grant.userId(), token.projectId(), grant.roleIds(), expiresAt),
                            secret);
        });
        return told(id, secret, expiresAt);
    }
}
