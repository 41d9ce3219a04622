package io.nacre.keystone.mapping.rule;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One part of what a rule makes: a user, groups, projects, a domain; null or none for what it does not make. */
record Local(
        @Nullable User user,
        @Nullable Template groupId,
        @Nullable Group group,
        @Nullable Template groups,
        @Nullable Template groupIds,
        List<Project> projects,
        @Nullable Domain domain) {

    /** What a group of the assertion starts with when it is an object with a name and a domain. */
    private static final String AS_JSON = "JSON:";

    private record User(
            @Nullable Template id,
            @Nullable Template name,
            @Nullable Template email,
            @Nullable Domain domain,
            boolean local) {

        static User of(JsonNode node) {
            return new User(
                    template(node, "id"),
                    template(node, "name"),
                    template(node, "email"),
                    Domain.in(node),
                    node.path("type").asString("").equals("local"));
        }

        Mapped.User fill(List<List<String>> values) {
            return new Mapped.User(
                    text(id, values),
                    text(name, values),
                    text(email, values),
                    domain == null ? null : domain.fill(values),
                    local);
        }
    }

    private record Domain(@Nullable Template id, @Nullable Template name) {

        static @Nullable Domain in(JsonNode node) {
            JsonNode domain = node.get("domain");
            return domain == null ? null : new Domain(template(domain, "id"), template(domain, "name"));
        }

        Mapped.Domain fill(List<List<String>> values) {
            return new Mapped.Domain(text(id, values), text(name, values));
        }
    }

    private record Group(Template name, Domain domain) {}

    private record Project(Template name, @Nullable Domain domain, List<Template> roles) {

        static Project of(JsonNode node) {
            return new Project(
                    required(node, "name"),
                    Domain.in(node),
                    node.get("roles")
                            .valueStream()
                            .map(role -> required(role, "name"))
                            .toList());
        }

        Stream<Mapped.Project> fill(List<List<String>> values) {
            Mapped.Domain in = domain == null ? null : domain.fill(values);
            List<String> granted =
                    roles.stream().flatMap(role -> role.each(values).stream()).toList();
            return name.each(values).stream().map(each -> new Mapped.Project(each, in, granted));
        }
    }

    static Local of(JsonNode node) {
        JsonNode user = node.get("user");
        JsonNode group = node.path("group");
        Template groupName = template(group, "name");
        Domain groupDomain = Domain.in(group);
        return new Local(
                user == null ? null : User.of(user),
                template(group, "id"),
                groupName == null || groupDomain == null ? null : new Group(groupName, groupDomain),
                template(node, "groups"),
                template(node, "group_ids"),
                node.path("projects").valueStream().map(Project::of).toList(),
                Domain.in(node));
    }

    private static @Nullable Template template(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null ? null : Template.of(value.asString());
    }

    private static Template required(JsonNode node, String name) {
        return Objects.requireNonNull(template(node, name));
    }

    /** Nothing is as good as not said. */
    private static @Nullable String text(@Nullable Template template, List<List<String>> values) {
        String text = template == null ? "" : template.text(values);
        return text.isEmpty() ? null : text;
    }

    /** With the values in the places of the templates. */
    Filled fill(List<List<String>> values) {
        Mapped.Domain ownDomain = domain == null ? null : domain.fill(values);
        Set<String> ids = new LinkedHashSet<>();
        if (groupId != null) {
            ids.addAll(groupId.each(values));
        }
        if (groupIds != null) {
            ids.addAll(Literals.each(groupIds, values));
        }
        Set<Mapped.Group> named = new LinkedHashSet<>();
        if (group != null) {
            Mapped.Domain in = group.domain().fill(values);
            group.name().each(values).forEach(name -> named.add(new Mapped.Group(name, in)));
        }
        if (groups != null) {
            Literals.each(groups, values).forEach(name -> named.add(groupOf(name, ownDomain)));
        }
        return new Filled(
                user == null ? null : user.fill(values),
                ids,
                named,
                projects.isEmpty()
                        ? null
                        : projects.stream()
                                .flatMap(project -> project.fill(values))
                                .toList(),
                ownDomain);
    }

    private static Mapped.Group groupOf(String name, Mapped.@Nullable Domain domain) {
        if (domain != null) {
            return new Mapped.Group(name, domain);
        }
        if (name.startsWith(AS_JSON)) {
            return parsed(name.substring(AS_JSON.length()));
        }
        throw Fault.invalid("Invalid rule: Both 'groups' and 'domain' keywords must be specified.");
    }

    private static Mapped.Group parsed(String json) {
        JsonNode group = Json.parse(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
        String name = group.path("name").asString("");
        JsonNode domain = group.path("domain");
        String id = domain.path("id").asString("");
        String domainName = domain.path("name").asString("");
        if (name.isEmpty() || (id.isEmpty() && domainName.isEmpty())) {
            throw Fault.invalid("A group of the assertion lacks its name or domain.");
        }
        return new Mapped.Group(
                name, new Mapped.Domain(id.isEmpty() ? null : id, domainName.isEmpty() ? null : domainName));
    }

    /** A part of a rule that counts. */
    record Filled(
            Mapped.@Nullable User user,
            Set<String> groupIds,
            Set<Mapped.Group> groups,
            @Nullable List<Mapped.Project> projects,
            Mapped.@Nullable Domain domain) {

        /** The first user there is, all groups, and the last projects. */
        static Mapped sum(List<Filled> all, boolean domainIsDefault) {
            Mapped.User user = null;
            Set<String> groupIds = new LinkedHashSet<>();
            Set<Mapped.Group> groups = new LinkedHashSet<>();
            List<Mapped.Project> projects = new ArrayList<>();
            Mapped.Domain domain = null;
            for (Filled one : all) {
                user = user == null ? one.user() : user;
                groupIds.addAll(one.groupIds());
                groups.addAll(one.groups());
                domain = one.domain() == null ? domain : one.domain();
                if (one.projects() != null) {
                    projects.clear();
                    projects.addAll(domainIsDefault ? within(one.domain(), one.projects()) : one.projects());
                }
            }
            Mapped.User somebody = user == null ? new Mapped.User(null, null, null, null, false) : user;
            return new Mapped(
                    domainIsDefault && somebody.domain() == null ? within(domain, somebody) : somebody,
                    groupIds,
                    groups,
                    List.copyOf(projects));
        }

        private static Mapped.User within(Mapped.@Nullable Domain domain, Mapped.User user) {
            return new Mapped.User(user.id(), user.name(), user.email(), domain, user.local());
        }

        private static List<Mapped.Project> within(Mapped.@Nullable Domain domain, List<Mapped.Project> projects) {
            return projects.stream()
                    .map(project -> project.domain() == null
                            ? new Mapped.Project(project.name(), domain, project.roles())
                            : project)
                    .toList();
        }
    }
}
