package io.nacre.nova;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Nova's ways of writing moments, and the many words it takes for true. */
public final class Wire {
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS");

    private Wire() {}

    /** Whole seconds with a Z, as created and updated are written. */
    public static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Microseconds without a zone, as the original writes what it takes from its tables. */
    public static @Nullable String micros(@Nullable Instant at) {
        return at == null ? null : MICROS.format(at.atOffset(ZoneOffset.UTC));
    }

    public static boolean isTrue(@Nullable JsonNode node) {
        return node != null && isTrue(node.asString(""));
    }

    public static boolean isTrue(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "1", "true", "on", "yes", "t", "y" -> true;
            default -> false;
        };
    }

    /** A text member, null when it is missing or null. */
    public static @Nullable String text(JsonNode object, String member) {
        JsonNode node = object.get(member);
        return node == null || node.isNull() ? null : node.asString();
    }

    /** A whole number that may come as text; the default when it is missing. */
    public static int number(JsonNode object, String member, int otherwise) {
        JsonNode node = object.get(member);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        return node.isString() ? Integer.parseInt(node.asString()) : node.asInt();
    }
}
