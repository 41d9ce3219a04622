package io.nacre.keystone.auth;

import io.nacre.keystone.applicationcredential.ApplicationCredential;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a method has proved: who somebody is, and what bounds the token that they may get.
 *
 * @param methods by which it was proved, those of an earlier token included
 * @param origin the token that was shown; null when none was
 * @param credential the application credential that was used; null when none was
 */
record Proof(
        String userId,
        List<String> methods,
        @Nullable Authorization origin,
        @Nullable ApplicationCredential credential) {

    /** A token got from a token ends with it. */
    @Nullable
    Instant end() {
        return origin == null ? null : origin.validUntil();
    }
}
