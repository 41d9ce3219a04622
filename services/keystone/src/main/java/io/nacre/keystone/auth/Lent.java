package io.nacre.keystone.auth;

import io.nacre.base.Tx;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.applicationcredential.ApplicationCredentialStore;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.oauth.OAuthTokenStore;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.token.Token;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What users have lent to programs: application credentials and access tokens, for one project each and some roles. */
public final class Lent {
    private final ApplicationCredentialStore credentials;
    private final OAuthTokenStore accessTokens;
    private final RoleStore roles;

    public Lent(ApplicationCredentialStore credentials, OAuthTokenStore accessTokens, RoleStore roles) {
        this.credentials = credentials;
        this.accessTokens = accessTokens;
        this.roles = roles;
    }

    /** Null for a token that was got without; faults with UNAUTHENTICATED when it is gone or another's. */
    @Nullable
    ApplicationCredential credential(Tx tx, Token token) {
        String id = token.credentialId();
        return id == null
                ? null
                : credentials
                        .find(tx, id)
                        .filter(found -> found.userId().equals(token.userId())
                                && found.projectId().equals(token.projectId()))
                        .orElseThrow(Authorizations::denied);
    }

    /** Null for a token that was got without; faults with UNAUTHENTICATED when it is gone or another's. */
    @Nullable
    AccessToken accessToken(Tx tx, Token token) {
        String id = token.accessTokenId();
        return id == null
                ? null
                : accessTokens
                        .findAccess(tx, id)
                        .filter(found -> found.userId().equals(token.userId())
                                && found.projectId().equals(token.projectId()))
                        .orElseThrow(Authorizations::denied);
    }

    /** What is left of the roles that the user has now. */
    List<Role> narrowed(
            Tx tx, List<Role> all, @Nullable ApplicationCredential credential, @Nullable AccessToken accessToken) {
        if (credential == null && accessToken == null) {
            return all;
        }
        Set<String> lent = credential != null
                ? Set.copyOf(credential.roleIds())
                : roles.graph(tx).expand(accessToken == null ? List.of() : accessToken.roleIds());
        return all.stream().filter(role -> lent.contains(role.id())).toList();
    }
}
