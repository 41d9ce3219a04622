package io.nacre.keystone.revocation;

import java.time.Instant;

/**
 * Tokens that are over.
 *
 * @param kind what the subject is
 * @param subject an identifier of that kind
 * @param before tokens issued up to this moment; the last moment there is for whatever is over for good
 */
public record Revocation(Kind kind, String subject, Instant before) {

    /** What a revocation is about. */
    public enum Kind {
        AUDIT,
        CHAIN,
        USER,
        PROJECT,
        DOMAIN,
        TRUST,
        CREDENTIAL,
        /** The opposite: the token with this audit id was issued at that moment, after a revocation in the same second. */
        SPARED
    }
}
