package io.nacre.http;

import io.nacre.base.Caller;
import org.jspecify.annotations.Nullable;

/** Tells who stands behind a token; faults with UNAUTHENTICATED when nobody does. */
@FunctionalInterface
public interface Authenticator {
    Caller authenticate(String token, String requestId, @Nullable String globalRequestId);
}
