package io.nacre.http;

import io.nacre.base.Fault;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query string, in the order in which it was sent; a name may come more than once. */
public final class Query {
    private final Map<String, List<String>> values;

    private Query(Map<String, List<String>> values) {
        this.values = values;
    }

    static Query parse(@Nullable String raw) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (raw != null && !raw.isEmpty()) {
            for (String pair : raw.split("&")) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    values.computeIfAbsent(decode(name), n -> new ArrayList<>(1))
                            .add(decode(value));
                }
            }
        }
        return new Query(values);
    }

    private static String decode(String raw) {
        try {
            return URLDecoder.decode(raw, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Fault.invalid("The query string is not well formed.").because(e);
        }
    }

    public Set<String> names() {
        return values.keySet();
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** Faults with INVALID that names a parameter which is not in the set. */
    public void allow(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw Fault.invalid("Invalid query string parameters: Additional properties are not allowed ('" + name
                        + "' was unexpected)");
            }
        }
    }

    /** The last value of the name, null when it is not there. */
    public @Nullable String get(String name) {
        List<String> all = values.get(name);
        return all == null ? null : all.getLast();
    }

    /** Every value of the name. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A whole number within bounds; faults with INVALID that names the parameter. */
    public @Nullable Integer integer(String name, int minimum, int maximum) {
        String text = get(name);
        if (text == null) {
            return null;
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= minimum && value <= maximum) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw Fault.invalid("Invalid input for query parameters " + name + ": '" + text + "' is not an integer.")
                    .because(e);
        }
        throw Fault.invalid("Invalid input for query parameters " + name + ": " + text + " is not between " + minimum
                + " and " + maximum + ".");
    }

    /** True for the words OpenStack takes as true, false for those it takes as false; null when it is not there. */
    public @Nullable Boolean bool(String name) {
        String text = get(name);
        if (text == null) {
            return null;
        }
        return switch (text.strip().toLowerCase(java.util.Locale.ROOT)) {
            case "1", "t", "true", "on", "y", "yes" -> true;
            case "0", "f", "false", "off", "n", "no" -> false;
            default ->
                throw Fault.invalid(
                        "Invalid input for query parameters " + name + ": '" + text + "' is not a boolean.");
        };
    }

    /** The query string with some names replaced or, where the value is null, left out. */
    public String with(Map<String, @Nullable String> changes) {
        StringBuilder out = new StringBuilder();
        values.forEach((name, all) -> {
            if (!changes.containsKey(name)) {
                all.forEach(value -> append(out, name, value));
            }
        });
        changes.forEach((name, value) -> {
            if (value != null) {
                append(out, name, value);
            }
        });
        return out.toString();
    }

    private static void append(StringBuilder out, String name, String value) {
        out.append(out.isEmpty() ? "" : "&")
                .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }
}
