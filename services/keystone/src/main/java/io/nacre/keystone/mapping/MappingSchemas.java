package io.nacre.keystone.mapping;

import io.nacre.base.Fault;
import io.nacre.http.Schema;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The form of rules in each version of their language. In 2.0 projects may name their domain. */
final class MappingSchemas {
    static final String DEFAULT_VERSION = "1.0";

    private static final Map<String, Schema> VERSIONS =
            Map.of("1.0", schema(""), "2.0", schema("\"domain\": {\"$ref\": \"#/$defs/domain\"},"));

    private MappingSchemas() {}

    private static Schema schema(String projectDomain) {
        return Schema.of("""
            {"type": "object", "required": ["rules"], "properties": {"rules": {"type": "array", "minItems": 1,
              "items": {"type": "object", "required": ["local", "remote"], "additionalProperties": false,
                "properties": {
                  "local": {"type": "array", "items": {"$ref": "#/$defs/local"}},
                  "remote": {"type": "array", "minItems": 1, "items": {"type": "object", "oneOf": [
                    {"$ref": "#/$defs/plain"}, {"$ref": "#/$defs/any_one_of"}, {"$ref": "#/$defs/not_any_of"},
                    {"$ref": "#/$defs/blacklist"}, {"$ref": "#/$defs/whitelist"}]}}}}}},
             "$defs": {
               "local": {"type": "object", "additionalProperties": false, "properties": {
                 "user": {"type": "object", "additionalProperties": false, "properties": {
                   "id": {"type": "string"}, "name": {"type": "string"}, "email": {"type": "string"},
                   "domain": {"$ref": "#/$defs/domain"},
                   "type": {"type": "string", "enum": ["ephemeral", "local"]}}},
                 "projects": {"type": "array", "items": {
                   "type": "object", "required": ["name", "roles"], "additionalProperties": false, "properties": {
                     "name": {"type": "string"},
                     %s
                     "roles": {"type": "array", "items": {"type": "object", "required": ["name"],
                       "additionalProperties": false, "properties": {"name": {"type": "string"}}}}}}},
                 "group": {"type": "object", "oneOf": [
                   {"type": "object", "required": ["id"], "additionalProperties": false,
                    "properties": {"id": {"type": "string"}}},
                   {"type": "object", "required": ["name", "domain"], "additionalProperties": false,
                    "properties": {"name": {"type": "string"}, "domain": {"$ref": "#/$defs/domain"}}}]},
                 "groups": {"type": "string"},
                 "group_ids": {"type": "string"},
                 "domain": {"$ref": "#/$defs/domain"}}},
               "domain": {"type": "object", "additionalProperties": false,
                 "properties": {"id": {"type": "string"}, "name": {"type": "string"}}},
               "texts": {"type": "array", "items": {"type": "string"}},
               "plain": {"type": "object", "required": ["type"], "additionalProperties": false,
                 "properties": {"type": {"type": "string"}}},
               %s, %s, %s, %s}}
            """.formatted(
                        projectDomain,
                        condition("any_one_of"),
                        condition("not_any_of"),
                        condition("blacklist"),
                        condition("whitelist")));
    }

    private static String condition(String name) {
        return """
                "%1$s": {"type": "object", "required": ["type", "%1$s"], "additionalProperties": false, "properties": {
                  "type": {"type": "string"}, "%1$s": {"$ref": "#/$defs/texts"}, "regex": {"type": "boolean"}}}
                """.formatted(name);
    }

    /** Faults with INVALID when there is no such version, or the mapping is not of its form. */
    static void check(String version, JsonNode mapping) {
        Schema schema = VERSIONS.get(version);
        if (schema == null) {
            throw Fault.invalid("Invalid input for field 'schema_version': " + version + " is not 1.0 or 2.0.");
        }
        schema.check(mapping);
    }
}
