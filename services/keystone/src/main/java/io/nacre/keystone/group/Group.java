package io.nacre.keystone.group;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Users who get roles together.
 *
 * @param extra attributes that clients gave it and keystone does not know
 */
public record Group(
        String id, String name, String domainId, @Nullable String description, Map<String, @Nullable Object> extra) {}
