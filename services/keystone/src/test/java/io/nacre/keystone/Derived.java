package io.nacre.keystone;

import java.time.Instant;
import java.util.Set;

/**
 * Something one can act with or derive from.
 *
 * @param secret the token; the identifier of a credential or trust
 * @param root whose grants stand behind it
 * @param actor who acts with it; the trustee of a trust
 * @param roles the most it may give
 * @param until when it ends at the latest
 * @param loan when the credentials and trusts that it came by end
 * @param needs credentials and trusts that must still be there
 */
record Derived(
        Kind kind,
        String secret,
        String root,
        String actor,
        String project,
        Set<String> roles,
        Instant until,
        Instant loan,
        Set<String> needs,
        int depth) {

    /** How it was derived. */
    enum Kind {
        LOGIN,
        TOKEN,
        CREDENTIAL,
        BY_CREDENTIAL,
        TRUST,
        BY_TRUST
    }

    boolean isToken() {
        return kind != Kind.CREDENTIAL && kind != Kind.TRUST;
    }
}
