package io.nacre.keystone.ldap;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group as the directory knows it.
 *
 * @param dn where it stands
 * @param id in the directory
 * @param members as the directory writes them: DNs in their normal form, or identifiers
 */
public record Team(
        String dn, String id, String name, @Nullable String description, Set<String> members) {}
