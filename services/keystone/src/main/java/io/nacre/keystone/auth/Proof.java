package io.nacre.keystone.auth;

import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.token.Token;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a method has proved: who somebody is, and what bounds the token that they may get.
 *
 * @param methods by which it was proved, those of an earlier token included
 * @param origin the token that was shown; null when none was
 * @param credential the application credential that was used; null when none was
 * @param accessToken the access token that was used; null when none was
 */
record Proof(
        String userId,
        List<String> methods,
        @Nullable Authorization origin,
        @Nullable ApplicationCredential credential,
        @Nullable AccessToken accessToken) {

    Proof(String userId, List<String> methods) {
        this(userId, methods, null, null, null);
    }

    Proof by(List<String> all) {
        return new Proof(userId, all, origin, credential, accessToken);
    }

    /** The project that what was used is for; null when any may be asked for. */
    @Nullable
    String boundTo() {
        return credential != null ? credential.projectId() : accessToken != null ? accessToken.projectId() : null;
    }

    Token.@Nullable Federation federation() {
        return origin == null || boundTo() != null ? null : origin.token().federation();
    }

    /** A token got from a token ends with it. */
    @Nullable
    Instant end() {
        return origin == null ? null : origin.validUntil();
    }
}
