package io.nacre.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How single values are written: the closed list of types an option may have, beside lists, maps and records. */
final class Scalars {
    private static final Set<Class<?>> OWN_RECORDS = Set.of(Bytes.class, Secret.class);
    private static final Pattern DURATION_PART = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d) ?");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    private Scalars() {}

    /** @param expected null when the value could be read; else what it should have been */
    record Reading(@Nullable Object value, @Nullable String expected) {
        static Reading of(Object value) {
            return new Reading(value, null);
        }

        static Reading of(@Nullable Object value, String expected) {
            return value == null ? wanted(expected) : of(value);
        }

        static Reading wanted(String expected) {
            return new Reading(null, expected);
        }
    }

    static boolean knows(Class<?> record) {
        return OWN_RECORDS.contains(record);
    }

    /** @param text true where numbers and booleans come without TOML's types */
    static Reading read(Class<?> type, JsonNode node, boolean text) {
        if (type == boolean.class || type == Boolean.class) {
            return truth(node, text);
        }
        if (type == int.class || type == Integer.class) {
            Long value = whole(node, text, Integer.MIN_VALUE, Integer.MAX_VALUE);
            return Reading.of(value == null ? null : value.intValue(), "a whole number of at most 32 bits");
        }
        if (type == long.class || type == Long.class) {
            return Reading.of(whole(node, text, Long.MIN_VALUE, Long.MAX_VALUE), "a whole number");
        }
        if (type == double.class || type == Double.class) {
            return Reading.of(number(node, text), "a number");
        }
        if (type.isEnum()) {
            return choice(type, node);
        }
        String wanted = wanted(type);
        if (!node.isString()) {
            return Reading.wanted(wanted);
        }
        try {
            return Reading.of(fromText(type, node.stringValue()));
        } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
            return Reading.wanted(wanted);
        }
    }

    private static Object fromText(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        }
        if (type == Duration.class) {
            return duration(text);
        }
        if (type == Path.class) {
            return Path.of(text);
        }
        if (type == URI.class) {
            return URI.create(text);
        }
        if (type == Bytes.class) {
            return Bytes.parse(text);
        }
        if (type == Secret.class) {
            return new Secret(text);
        }
        throw unsupported(type);
    }

    private static String wanted(Class<?> type) {
        if (type == Duration.class) {
            return "a duration with its unit, such as \"30s\", \"5m\" or \"1h30m\"";
        }
        if (type == Bytes.class) {
            return "a size with its unit, such as \"64 MiB\"";
        }
        if (type == Path.class) {
            return "a path";
        }
        return type == URI.class ? "a URL" : "text";
    }

    private static IllegalStateException unsupported(Class<?> type) {
        return new IllegalStateException("an option cannot have the type " + type.getName());
    }

    /** Such as 1h30m, 250ms, or the ISO form PT1H30M. */
    static Duration duration(String text) {
        String written = text.strip();
        if (written.startsWith("P")) {
            return Duration.parse(written);
        }
        Matcher parts = DURATION_PART.matcher(written);
        Duration sum = Duration.ZERO;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            Duration unit = UNITS.getOrDefault(parts.group(2), Duration.ZERO);
            sum = sum.plus(unit.multipliedBy(Long.parseLong(parts.group(1))));
            end = parts.end();
        }
        if (end == 0 || end != written.length()) {
            throw new IllegalArgumentException("not a duration");
        }
        return sum;
    }

    /** The form that {@link #duration} reads; ISO for what has parts below a millisecond or is negative. */
    static String write(Duration duration) {
        if (duration.isNegative() || duration.toNanosPart() % 1_000_000 != 0) {
            return duration.toString();
        }
        StringBuilder text = new StringBuilder();
        part(text, duration.toDaysPart(), "d");
        part(text, duration.toHoursPart(), "h");
        part(text, duration.toMinutesPart(), "m");
        part(text, duration.toSecondsPart(), "s");
        part(text, duration.toMillisPart(), "ms");
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void part(StringBuilder text, long amount, String unit) {
        if (amount != 0) {
            text.append(amount).append(unit);
        }
    }

    private static Reading truth(JsonNode node, boolean text) {
        if (node.isBoolean()) {
            return Reading.of(node.booleanValue());
        }
        if (text && node.isString()) {
            switch (node.stringValue().strip().toLowerCase(Locale.ROOT)) {
                case "true" -> {
                    return Reading.of(true);
                }
                case "false" -> {
                    return Reading.of(false);
                }
                default -> {}
            }
        }
        return Reading.wanted("true or false");
    }

    private static @Nullable Long whole(JsonNode node, boolean text, long min, long max) {
        try {
            long value;
            if (node.isIntegralNumber() && node.canConvertToLong()) {
                value = node.longValue();
            } else if (text && node.isString()) {
                value = Long.parseLong(node.stringValue().strip());
            } else {
                return null;
            }
            return value < min || value > max ? null : value;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static @Nullable Double number(JsonNode node, boolean text) {
        try {
            if (node.isNumber()) {
                return node.doubleValue();
            }
            return text && node.isString() ? Double.valueOf(node.stringValue().strip()) : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Reading choice(Class<?> type, JsonNode node) {
        Object[] constants = type.getEnumConstants();
        for (Object constant : constants) {
            if (node.isString() && choice(constant).equals(node.stringValue().strip())) {
                return Reading.of(constant);
            }
        }
        return Reading.wanted(
                "one of " + Arrays.stream(constants).map(Scalars::choice).collect(Collectors.joining(", ")));
    }

    /** An enum constant as it is written: lower case with underscores. */
    static String choice(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT);
    }
}
