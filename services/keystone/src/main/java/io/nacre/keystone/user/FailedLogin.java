package io.nacre.keystone.user;

import java.time.Instant;

/** How often in a row somebody gave a wrong password, and when they last did. */
record FailedLogin(int attempts, Instant at) {
    static final FailedLogin NONE = new FailedLogin(0, Instant.EPOCH);
}
