package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.http.Query;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The query parameter {@code password_expires_at=OPERATOR:TIMESTAMP}; equality when no operator stands there. */
record PasswordExpiryFilter(@Nullable String operator, Instant moment) implements Predicate<User> {
    private static final String NAME = "password_expires_at";

    static PasswordExpiryFilter of(Query query) {
        String text = query.get(NAME);
        if (text == null) {
            return new PasswordExpiryFilter(null, Instant.EPOCH);
        }
        String[] parts = text.split(":", 2);
        boolean hasOperator = parts.length == 2 && parts[0].matches("[a-z]+");
        String stamp = hasOperator ? parts[1] : text;
        try {
            Instant moment = LocalDateTime.parse(stamp.replaceFirst("Z$", "")).toInstant(ZoneOffset.UTC);
            return new PasswordExpiryFilter(hasOperator ? parts[0] : "eq", moment);
        } catch (DateTimeParseException e) {
            throw Fault.invalid("Timestamp not in expected format: " + stamp + ".")
                    .because(e);
        }
    }

    @Override
    public boolean test(User user) {
        if (operator == null) {
            return true;
        }
        if (user.passwordExpiresAt() == null) {
            return false;
        }
        int order = user.passwordExpiresAt().compareTo(moment);
        return switch (operator) {
            case "eq" -> order == 0;
            case "neq" -> order != 0;
            case "lt" -> order < 0;
            case "lte" -> order <= 0;
            case "gt" -> order > 0;
            case "gte" -> order >= 0;
            default ->
                throw Fault.invalid("The given operator " + operator
                        + " is not valid. It must be one of the following: 'eq', 'neq', 'lt', 'lte', 'gt', or 'gte'.");
        };
    }
}
