package io.nacre.keystone.mapping;

import tools.jackson.databind.JsonNode;

/**
 * Rules, as they were sent.
 *
 * @param schemaVersion of the language they are in
 */
public record Mapping(String id, String schemaVersion, JsonNode rules) {}
