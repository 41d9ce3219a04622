package io.nacre.keystone.oauth;

import static io.nacre.keystone.KeystonePolicy.ADMIN;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Times;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleApi;
import io.nacre.keystone.role.RoleStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "OS-OAUTH1", the access tokens of a user. */
public final class AccessTokenApi {
    private static final PolicyRule LIST = KeystonePolicy.project("list_access_tokens", ADMIN);
    private static final PolicyRule GET = KeystonePolicy.project("get_access_token", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.project("delete_access_token", ADMIN);
    private static final PolicyRule LIST_ROLES = KeystonePolicy.project("list_access_token_roles", ADMIN);
    private static final PolicyRule GET_ROLE = KeystonePolicy.project("get_access_token_role", ADMIN);

    private final Transactions transactions;
    private final OAuthTokenStore tokens;
    private final RoleStore roles;
    private final ValidTokens validTokens;
    private final Revocations revocations;

    public AccessTokenApi(
            Transactions transactions,
            OAuthTokenStore tokens,
            RoleStore roles,
            ValidTokens validTokens,
            Revocations revocations) {
        this.transactions = transactions;
        this.tokens = tokens;
        this.roles = roles;
        this.validTokens = validTokens;
        this.revocations = revocations;
    }

    public List<Route> routes() {
        String all = "/v3/users/{user_id}/OS-OAUTH1/access_tokens";
        String one = all + "/{access_token_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.get(one).policy(GET).to(this::show),
                Route.delete(one).policy(DELETE).to(this::delete),
                Route.get(one + "/roles").policy(LIST_ROLES).to(this::listRoles),
                Route.get(one + "/roles/{role_id}").policy(GET_ROLE).to(this::showRole));
    }

    private static Map<String, @Nullable Object> show(Request request, AccessToken token) {
        String path = "/users/" + token.userId() + "/OS-OAUTH1/access_tokens/" + token.id();
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", token.id());
        shown.put("consumer_id", token.consumerId());
        shown.put("authorizing_user_id", token.userId());
        shown.put("project_id", token.projectId());
        shown.put("expires_at", Times.iso(token.expiresAt()));
        shown.put(
                "links", Map.of("self", Envelope.url(request, path), "roles", Envelope.url(request, path + "/roles")));
        return shown;
    }

    private Response list(Request request) {
        validTokens
                .require(request.token())
                .requireUndelegated("Cannot list request tokens with a token issued via delegation.");
        return Envelope.collection(
                request,
                "access_tokens",
                transactions.read(tx -> tokens.ofUser(tx, request.param("user_id"))),
                AccessTokenApi::show);
    }

    private Response show(Request request) {
        return Envelope.member(200, "access_token", show(request, transactions.read(tx -> require(tx, request))));
    }

    private AccessToken require(Tx tx, Request request) {
        AccessToken token = tokens.requireAccess(tx, request.param("access_token_id"));
        if (!token.userId().equals(request.param("user_id"))) {
            throw Fault.notFound("Access token not found");
        }
        return token;
    }

    /** Tokens that were got with it end. */
    private Response delete(Request request) {
        transactions.run(tx -> {
            tokens.deleteAccess(tx, require(tx, request).id());
            revocations.changed(tx);
        });
        return Response.empty(204);
    }

    private Response listRoles(Request request) {
        List<Role> found = transactions.read(
                tx -> roles.graph(tx).known(require(tx, request).roleIds()));
        return Envelope.collection(request, "roles", found, RoleApi::show);
    }

    private Response showRole(Request request) {
        String roleId = request.param("role_id");
        Role role = transactions.read(tx -> {
            if (!require(tx, request).roleIds().contains(roleId)) {
                throw Fault.notFound("Could not find role: " + roleId + ".");
            }
            return roles.require(tx, roleId);
        });
        return Envelope.member(200, "role", RoleApi.show(request, role));
    }
}
