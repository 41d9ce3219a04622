package io.nacre.keystone.limit;

import io.nacre.http.Schema;

/** What bodies about limits look like. */
final class LimitSchemas {
    private static final String ID = """
            {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"}""";
    private static final String RESOURCE = """
            "service_id": %s, "region_id": {"type": ["string", "null"]},
            "resource_name": {"type": "string", "minLength": 1, "maxLength": 255}
            """.formatted(ID);
    private static final String DESCRIPTION = """
            "description": {"type": ["string", "null"]}""";
    private static final String NUMBER = """
            {"type": "integer", "minimum": -1, "maximum": 2147483647}""";
    private static final String REGISTERED = RESOURCE + ", \"default_limit\": " + NUMBER + ", " + DESCRIPTION;

    static final Schema CREATE_REGISTERED = list("registered_limits", """
            "required": ["service_id", "resource_name", "default_limit"], "properties": {%s}
            """.formatted(REGISTERED));
    static final Schema UPDATE_REGISTERED = one("registered_limit", REGISTERED);
    static final Schema CREATE = list("limits", """
            "required": ["service_id", "resource_name", "resource_limit"],
            "oneOf": [{"required": ["project_id"]}, {"required": ["domain_id"]}],
            "properties": {%s, "resource_limit": %s, "project_id": %s, "domain_id": %s, %s}
            """.formatted(RESOURCE, NUMBER, ID, ID, DESCRIPTION));
    static final Schema UPDATE = one("limit", "\"resource_limit\": " + NUMBER + ", " + DESCRIPTION);

    private LimitSchemas() {}

    private static Schema list(String name, String member) {
        return Schema.of("""
                {"type": "object", "required": ["%s"], "properties": {"%s": {"type": "array", "minItems": 1, "items":
                  {"type": "object", "additionalProperties": false, %s}}}}
                """.formatted(name, name, member));
    }

    private static Schema one(String name, String properties) {
        return Schema.of("""
                {"type": "object", "required": ["%s"], "properties": {"%s":
                  {"type": "object", "additionalProperties": false, "properties": {%s}}}}
                """.formatted(name, name, properties));
    }
}
