package io.nacre.nova;

import io.nacre.base.Digests;
import io.nacre.base.Fault;
import java.net.InetAddress;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
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

    /** A moment that a query asks for, in UTC unless it says otherwise; null when it does not ask. */
    public static @Nullable Instant moment(String name, @Nullable String text) {
        if (text == null) {
            return null;
        }
        String iso = text.replace(' ', 'T');
        try {
            return OffsetDateTime.parse(iso).toInstant();
        } catch (DateTimeException withoutZone) {
            try {
                return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
            } catch (DateTimeException e) {
                throw Fault.invalid("Invalid input for query parameters " + name + ". Value: " + text + ". '" + text
                                + "' is not a 'date-time'")
                        .because(e);
            }
        }
    }

    /** Tells servers on the same host from others without telling the host; different for each project. */
    public static String hostId(String projectId, @Nullable String host) {
        if (host == null) {
            return "";
        }
        return Digests.hex("SHA-224", projectId + host);
    }

    /** An address in its canonical form (RFC 5952); null when it is missing or empty. */
    public static @Nullable String address(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        if (!text.contains(":")) {
            return text;
        }
        byte[] bytes;
        try {
            bytes = InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            throw Fault.invalid("Invalid input: '" + text + "' is not an IP address.")
                    .because(e);
        }
        // An address that embeds one of version 4 is read as that; written out it is still of version 6.
        int[] groups = new int[8];
        int skip = 8 - bytes.length / 2;
        for (int i = 0; i < bytes.length / 2; i++) {
            groups[skip + i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        if (bytes.length == 4) {
            groups[5] = 0xffff;
        }
        return shortened(groups);
    }

    /** The first of the longest runs of zeros, from two on, becomes a double colon. */
    private static String shortened(int[] groups) {
        int start = -1;
        int length = 1;
        for (int i = 0; i < groups.length; i++) {
            int end = i;
            while (end < groups.length && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < groups.length; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
