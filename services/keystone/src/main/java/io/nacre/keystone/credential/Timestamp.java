package io.nacre.keystone.credential;

import io.nacre.base.FaultException;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.entity.Times;
import java.time.Instant;
import java.util.regex.Pattern;

/** The moment at which a request was signed: ISO 8601 with or without its separators. */
final class Timestamp {
    private static final Pattern BASIC = Pattern.compile("(\\d{4})(\\d\\d)(\\d\\d)T(\\d\\d)(\\d\\d)(\\d\\d)");

    private Timestamp() {}

    static Instant parse(String text) {
        try {
            return Times.parse(BASIC.matcher(text).replaceFirst("$1-$2-$3T$4:$5:$6"));
        } catch (FaultException e) {
            throw Authorizations.denied(e);
        }
    }
}
