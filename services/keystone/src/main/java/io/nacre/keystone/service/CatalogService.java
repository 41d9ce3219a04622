package io.nacre.keystone.service;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A service that has endpoints.
 *
 * @param type such as compute
 * @param name such as nova
 * @param extra attributes that clients gave it and keystone does not know, its description among them
 */
public record CatalogService(
        String id, String type, @Nullable String name, boolean enabled, Map<String, @Nullable Object> extra) {}
