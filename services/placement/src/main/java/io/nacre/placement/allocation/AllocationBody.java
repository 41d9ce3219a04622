package io.nacre.placement.allocation;

import io.nacre.base.Fault;
import io.nacre.http.Schema;
import io.nacre.placement.Uuids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The request shapes of allocations through the versions, and how each becomes what is wanted. */
final class AllocationBody {
    private static final String UUID = "^[0-9a-fA-F-]{36}$";
    private static final String AMOUNTS = """
            {"type": "object", "minProperties": 1, "additionalProperties": false,
             "patternProperties": {"^[A-Z0-9_]+$": {"type": "integer", "minimum": 1}}}""";
    private static final String OWNER = """
            "project_id": {"type": "string", "minLength": 1, "maxLength": 255},
            "user_id": {"type": "string", "minLength": 1, "maxLength": 255}""";
    private static final String GENERATION = "\"consumer_generation\": {\"type\": [\"integer\", \"null\"]}";
    private static final String MAPPINGS = """
            "mappings": {"type": "object", "minProperties": 1, "additionalProperties":
              {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": "%s"}}}""".formatted(Uuids.PATTERN);
    private static final String TYPE =
            "\"consumer_type\": {\"type\": \"string\", \"pattern\": \"^[A-Z0-9_]+$\", \"minLength\": 1, \"maxLength\": 255}";

    private AllocationBody() {}

    /** 1.0 to 1.11: a list of providers. The owner came in 1.8. */
    static Schema listed(boolean owned) {
        return Schema.of("""
                {"type": "object", "required": ["allocations"%s], "additionalProperties": false, "properties": {
                  %s
                  "allocations": {"type": "array", "minItems": 1, "items": {
                    "type": "object", "required": ["resource_provider", "resources"], "additionalProperties": false,
                    "properties": {
                      "resource_provider": {"type": "object", "required": ["uuid"], "additionalProperties": false,
                        "properties": {"uuid": {"type": "string", "pattern": "%s"}}},
                      "resources": %s}}}}}""".formatted(
                owned ? ", \"project_id\", \"user_id\"" : "", owned ? OWNER + "," : "", Uuids.PATTERN, AMOUNTS));
    }

    /** From 1.12: a map of providers, by minor version. */
    static String mapped(int minor) {
        return one(minor, minor >= 28);
    }

    private static String one(int minor, boolean mayBeEmpty) {
        List<String> required = new ArrayList<>(List.of("allocations", "project_id", "user_id"));
        List<String> properties = new ArrayList<>(List.of(OWNER));
        if (minor >= 28) {
            required.add("consumer_generation");
            properties.add(GENERATION);
        }
        if (minor >= 34) {
            properties.add(MAPPINGS);
        }
        if (minor >= 38) {
            required.add("consumer_type");
            properties.add(TYPE);
        }
        properties.add("""
                "allocations": {"type": "object", %s "additionalProperties": false, "patternProperties": {"%s": {
                  "type": "object", "required": ["resources"], "additionalProperties": false,
                  "properties": {"generation": {"type": "integer"}, "resources": %s}}}}""".formatted(mayBeEmpty ? "" : "\"minProperties\": 1,", UUID, AMOUNTS));
        return """
                {"type": "object", "required": ["%s"], "additionalProperties": false, "properties": {%s}}""".formatted(String.join("\", \"", required), String.join(",\n", properties));
    }

    /** Many consumers at once; since 1.13, where an empty map gives back what a consumer holds. */
    static String many(int minor) {
        return """
                {"type": "object", "minProperties": 1, "additionalProperties": false, "patternProperties": {"%s": %s}}""".formatted(UUID, one(minor, true));
    }

    /** As {@link #many}, for the reshaper, where there may be none. */
    static String any(int minor) {
        return """
                {"type": "object", "additionalProperties": false, "patternProperties": {"%s": %s}}""".formatted(UUID, one(minor, true));
    }

    static Allocations.Wanted wanted(String consumerId, JsonNode body, int minor) {
        return new Allocations.Wanted(
                consumerId,
                body.has("project_id") ? body.get("project_id").asString() : "00000000-0000-0000-0000-000000000000",
                body.has("user_id") ? body.get("user_id").asString() : "00000000-0000-0000-0000-000000000000",
                body.has("consumer_type") ? body.get("consumer_type").asString() : null,
                minor >= 28,
                generation(body),
                amounts(body.get("allocations")));
    }

    private static @Nullable Long generation(JsonNode body) {
        JsonNode node = body.get("consumer_generation");
        return node == null || node.isNull() ? null : (Long) node.asLong();
    }

    private static Map<String, Map<String, Long>> amounts(JsonNode allocations) {
        Map<String, Map<String, Long>> amounts = new LinkedHashMap<>();
        if (allocations.isArray()) {
            for (JsonNode one : allocations) {
                String provider = one.get("resource_provider").get("uuid").asString();
                if (amounts.put(provider, resources(one.get("resources"))) != null) {
                    throw Fault.invalid("The resource provider " + provider + " stands twice in the allocations.");
                }
            }
        } else {
            allocations
                    .properties()
                    .forEach(entry -> amounts.put(
                            entry.getKey(), resources(entry.getValue().get("resources"))));
        }
        return amounts;
    }

    private static Map<String, Long> resources(JsonNode node) {
        Map<String, Long> amounts = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> amounts.put(entry.getKey(), entry.getValue().asLong()));
        return amounts;
    }
}
