package io.nacre.neutron.resource;

import io.nacre.base.Json;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Addresses;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.resource.Check.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The checks that attributes are declared with. Their refusals read as those of neutron-lib's validators. */
public final class Checks {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}");
    private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{1,2}[:-]){5}[0-9a-fA-F]{1,2}");

    public static final Check BOOLEAN = Checks::bool;
    public static final Check UUID_TEXT = value -> {
        if (!value.isString() || !UUID.matcher(value.asString()).matches()) {
            throw new Refusal("'" + show(value) + "' is not a valid UUID");
        }
        return value.asString();
    };
    public static final Check IP = value -> ip(text(value));
    public static final Check CIDR = Checks::subnet;
    public static final Check MAC_ADDRESS = Checks::mac;
    /** Any text, number or null as text; for device_id and the like. */
    public static final Check ANY_OBJECT = value -> {
        if (!value.isObject()) {
            throw new Refusal("'" + show(value) + "' is not a dictionary");
        }
        return Json.map(value);
    };

    private Checks() {}

    public static Check string(int maxLength) {
        return value -> {
            String text = text(value);
            if (text.codePointCount(0, text.length()) > maxLength) {
                throw new Refusal("'" + text + "' exceeds maximum length of " + maxLength);
            }
            return text;
        };
    }

    public static Check filledString(int maxLength) {
        return value -> {
            Object text = string(maxLength).accept(value);
            if (text instanceof String string && string.isBlank()) {
                throw new Refusal("'" + text + "' Blank strings are not permitted");
            }
            return text;
        };
    }

    public static Check oneOf(Object... allowed) {
        List<Object> values = List.of(allowed);
        return value -> {
            Object plain = value.isIntegralNumber() ? (Object) value.asInt() : value.isString() ? value.asString() : "";
            if (values.contains(plain)) {
                return plain;
            }
            // A number may come as text, as in forms.
            if (value.isString() && values.getFirst() instanceof Integer) {
                for (Object one : values) {
                    if (one.toString().equals(value.asString())) {
                        return one;
                    }
                }
            }
            List<String> shown = values.stream()
                    .map(one -> one instanceof String ? "'" + one + "'" : one.toString())
                    .toList();
            throw new Refusal("'" + show(value) + "' is not in [" + String.join(", ", shown) + "]");
        };
    }

    public static Check integer(int minimum, int maximum) {
        return value -> {
            int number = wholeNumber(value);
            if (number < minimum) {
                throw new Refusal("'" + number + "' is too small - must be at least '" + minimum + "'");
            }
            if (number > maximum) {
                throw new Refusal("'" + number + "' is too large - must be no larger than '" + maximum + "'");
            }
            return number;
        };
    }

    /** Every item passes the check; none comes twice. */
    public static Check listOf(Check item) {
        return value -> {
            if (!value.isArray()) {
                throw new Refusal("'" + show(value) + "' is not a list");
            }
            List<@Nullable Object> items = new ArrayList<>();
            Set<JsonNode> seen = new HashSet<>();
            for (JsonNode node : value) {
                if (!seen.add(node)) {
                    throw new Refusal("Duplicate items in the list: '" + show(node) + "'");
                }
                items.add(item.accept(node));
            }
            return items;
        };
    }

    /** A list for which null stands for the empty one. */
    public static Check listOrEmpty(Check item) {
        return value -> value.isNull() ? List.of() : listOf(item).accept(value);
    }

    /** An object with these members, each checked; those in {@code required} must be there, others must not. */
    public static Check object(Map<String, Check> members, Set<String> required) {
        return value -> {
            if (!value.isObject()) {
                throw new Refusal("'" + show(value) + "' is not a dictionary");
            }
            Map<String, @Nullable Object> result = new LinkedHashMap<>();
            Set<String> names = new HashSet<>(value.propertyNames());
            if (!names.containsAll(required) || !members.keySet().containsAll(names)) {
                throw new Refusal("Validation of dictionary's keys failed. Expected keys: "
                        + new java.util.TreeSet<>(members.keySet()) + " Provided keys: "
                        + new java.util.TreeSet<>(names));
            }
            for (String name : value.propertyNames()) {
                Check check = members.get(name);
                if (check != null) {
                    result.put(name, check.accept(value.get(name)));
                }
            }
            return result;
        };
    }

    private static Object bool(JsonNode value) {
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        String word = value.isNull() ? "None" : value.asString("").toLowerCase(Locale.ROOT);
        return switch (word) {
            case "true", "1" -> true;
            case "false", "0" -> false;
            default -> throw NeutronFault.invalidInput("'" + show(value) + "' cannot be converted to boolean");
        };
    }

    public static int wholeNumber(JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToInt()) {
            return value.asInt();
        }
        if (value.isString() && value.asString().matches("-?[0-9]{1,9}")) {
            return Integer.parseInt(value.asString());
        }
        throw NeutronFault.invalidInput("'" + show(value) + "' is not an integer");
    }

    public static String text(JsonNode value) {
        if (!value.isString()) {
            throw new Refusal("'" + show(value) + "' is not a valid string");
        }
        return value.asString();
    }

    private static String ip(String text) {
        String canonical = Addresses.canonical(text);
        if (canonical == null) {
            throw new Refusal("'" + text + "' is not a valid IP address");
        }
        return canonical;
    }

    private static Object subnet(JsonNode value) {
        String text = value.isString() ? value.asString() : "";
        Cidr cidr = text.contains("/") ? Cidr.parse(text) : null;
        if (cidr == null) {
            if (Addresses.canonical(text) != null) {
                String full = text.contains(":") ? "/128" : "/32";
                throw new Refusal(
                        "'" + text + "' isn't a recognized IP subnet cidr, '" + text + full + "' is recommended");
            }
            throw new Refusal("'" + show(value) + "' is not a valid IP subnet");
        }
        if (cidr.version() == 4 && !cidr.toString().equals(text)) {
            throw new Refusal("'" + text + "' isn't a recognized IP subnet cidr, '" + cidr + "' is recommended");
        }
        return cidr.toString();
    }

    private static Object mac(JsonNode value) {
        String text = value.isString() ? value.asString() : "";
        String canonical = MAC.matcher(text).matches() ? canonicalMac(text) : "";
        if (canonical.isEmpty() || canonical.equals("00:00:00:00:00:00")) {
            throw new Refusal("'" + show(value) + "' is not a valid MAC address");
        }
        return canonical;
    }

    private static String canonicalMac(String text) {
        List<String> bytes = new ArrayList<>();
        for (String part : text.toLowerCase(Locale.ROOT).split("[:-]")) {
            bytes.add(part.length() == 1 ? "0" + part : part);
        }
        return String.join(":", bytes);
    }

    /** A value as the original prints it into its messages. */
    public static String show(JsonNode value) {
        if (value.isNull()) {
            return "None";
        }
        if (value.isBoolean()) {
            return value.asBoolean() ? "True" : "False";
        }
        return value.isString() ? value.asString() : value.toString().replace('"', '\'');
    }
}
