package io.nacre.keystone.mapping.rule;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is in this cloud, and what they may do.
 *
 * @param groups by name; whether they exist is not known here
 */
public record Mapped(User user, Set<String> groupIds, Set<Group> groups, List<Project> projects) {

    /**
     * Who it is. At least an identifier or a name is needed to be somebody; here both may be missing.
     *
     * @param domain null for the identity provider's
     * @param local whether it is a user who is kept here, rather than one whom only the provider knows
     */
    public record User(
            @Nullable String id,
            @Nullable String name,
            @Nullable String email,
            @Nullable Domain domain,
            boolean local) {}

    /** By identifier when there is one, else by name. */
    public record Domain(@Nullable String id, @Nullable String name) {}

    public record Group(String name, Domain domain) {}

    /**
     * A project that is made when there is none.
     *
     * @param domain null for the identity provider's
     * @param roles names of what the user gets on it
     */
    public record Project(String name, @Nullable Domain domain, List<String> roles) {}
}
