package io.nacre.keystone.service;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service as the catalog names it.
 *
 * @param type such as compute; clients look services up by it
 */
public record CatalogService(
        String id,
        String type,
        @Nullable String name,
        @Nullable String description,
        boolean enabled,
        ObjectNode extra) {}
