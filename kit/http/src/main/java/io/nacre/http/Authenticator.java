package io.nacre.http;

import io.nacre.base.Caller;

/** Tells who stands behind a request; faults with UNAUTHENTICATED when nobody does. */
@FunctionalInterface
public interface Authenticator {
    Caller authenticate(Caller.Claim claim);
}
