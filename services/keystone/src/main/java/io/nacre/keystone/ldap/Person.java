package io.nacre.keystone.ldap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user as the directory knows it.
 *
 * @param dn where it stands
 * @param id in the directory
 * @param extra email and description, when it has them
 */
public record Person(
        String dn,
        String id,
        String name,
        boolean enabled,
        @Nullable String defaultProjectId,
        Map<String, @Nullable Object> extra) {}
