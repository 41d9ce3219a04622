package io.nacre.testkit;

import io.nacre.base.Json;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Requests' bodies that are nearly right: made by a JSON schema, with one to three values replaced, removed or added.
 * The same random numbers give the same bodies.
 */
public final class HostileBodies {
    private static final List<String> CHARACTERS =
            List.of("x", "ü", "😀", "\u0000", "\uD800", "\uDC00", "\uFFFF", "\u202E", "'", "%", "/", " ", "\n");
    private static final List<Integer> LENGTHS = List.of(0, 1, 2, 63, 64, 65, 255, 256, 257, 5_000, 70_000);
    private static final List<Object> VALUES = List.of(
            true,
            false,
            0,
            -1,
            1.5,
            Integer.MAX_VALUE,
            Integer.MIN_VALUE,
            1L << 31,
            Long.MAX_VALUE,
            new BigInteger("9".repeat(40)),
            1e308,
            List.of(),
            List.of(List.of()),
            List.of(1, "x"),
            List.of("x", "x"),
            Map.of(),
            Map.of("", Map.of()),
            Map.of("id", 7),
            Map.of("id", List.of()),
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999Z",
            "+999999999-12-31T23:59:59Z",
            "2026-13-45T99:99:99",
            "default",
            "../../etc");
    private static final List<String> NO_BODIES =
            List.of("", " ", "null", "[]", "7", "{", "\"x\"", "{\"a\": NaN}", "[".repeat(2_000));

    private final Random random;
    private final Map<String, Object> samples;
    private int number;

    /** @param samples values that make sense for attributes of these names */
    public HostileBodies(Random random, Map<String, Object> samples) {
        this.random = random;
        this.samples = samples;
    }

    /** A body as JSON text, now and then no JSON at all. */
    public String next(String schema) {
        if (random.nextInt(50) == 0) {
            return pick(NO_BODIES);
        }
        JsonNode root = Json.MAPPER.readTree(schema);
        Object body = sample("", root, root);
        int changes = random.nextInt(3);
        for (int i = 0; i <= changes; i++) {
            body = changed(body);
        }
        return escaped(Json.write(body));
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Object hostile() {
        return random.nextBoolean() ? pick(VALUES) : pick(CHARACTERS).repeat(pick(LENGTHS));
    }

    /** With one value, somewhere in it, replaced, removed or added. */
    private Object changed(@Nullable Object value) {
        if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(10) > 0) {
            Map<Object, Object> copy = new HashMap<>(map);
            Object key = pick(List.copyOf(map.keySet()));
            switch (random.nextInt(8)) {
                case 0 -> copy.remove(key);
                case 1 -> copy.put(pick(CHARACTERS).repeat(pick(LENGTHS)), hostile());
                case 2 -> copy.put(key, null);
                default -> copy.put(key, changed(copy.get(key)));
            }
            return copy;
        }
        if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(3) > 0) {
            List<Object> copy = new ArrayList<>(list);
            int at = random.nextInt(copy.size());
            copy.set(at, changed(copy.get(at)));
            return copy;
        }
        return hostile();
    }

    private Object sample(String name, JsonNode schema, JsonNode root) {
        if (schema.has("$ref")) {
            return sample(name, root.at(schema.get("$ref").asString().substring(1)), root);
        }
        if (samples.containsKey(name)) {
            return samples.get(name);
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(0).asString();
        }
        String type = schema.path("type").isArray()
                ? schema.get("type").get(0).asString()
                : schema.path("type").asString("string");
        return switch (type) {
            case "object" -> {
                Map<String, Object> all = new HashMap<>();
                schema.path("properties").properties().forEach(one -> {
                    if (required(schema, one.getKey()) || random.nextInt(3) == 0) {
                        all.put(one.getKey(), sample(one.getKey(), one.getValue(), root));
                    }
                });
                yield all;
            }
            case "array" -> schema.has("items") ? List.of(sample("", schema.get("items"), root)) : List.of();
            case "boolean" -> random.nextBoolean();
            case "integer", "number" -> random.nextInt(100);
            case "null" -> Map.of();
            default -> "n" + number++;
        };
    }

    private static boolean required(JsonNode schema, String name) {
        for (JsonNode one : schema.path("required")) {
            if (one.asString().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /** Halves of characters cannot be sent as they are. */
    private static String escaped(String json) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < json.length()
                    && Character.isLowSurrogate(json.charAt(i + 1));
            if (pair) {
                out.append(c).append(json.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
