package io.nacre.keystone.audit;

import io.nacre.http.Request;
import io.nacre.http.Route;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which route tells of what: the one table of it. */
final class Events {
    private static final String CREATED = "created";
    private static final String UPDATED = "updated";
    private static final String DELETED = "deleted";
    private static final Pattern GRANT =
            Pattern.compile("/v3(/OS-INHERIT)?/(system|projects/\\{[a-z_]+}|domains/\\{[a-z_]+})"
                    + "/(users|groups)/\\{[a-z_]+}/roles/\\{[a-z_]+}(/inherited_to_projects)?");

    private static final Map<String, List<Event>> TABLE = table();

    /** What becomes of a domain where it is taken for the project that it is as well. */
    private static final Map<String, List<Event>> OF_DOMAINS = Map.of(
            "POST /v3/projects",
            List.of(new Event("domain", CREATED, "project", null)),
            "PATCH /v3/projects/{project_id}",
            List.of(
                    new Event("project", UPDATED, "project_id", null),
                    new Event("domain", UPDATED, "project_id", null)),
            "DELETE /v3/projects/{project_id}",
            List.of(
                    new Event("project", DELETED, "project_id", null),
                    new Event("domain", DELETED, "project_id", null)));

    private Events() {}

    /**
     * What one kind of request does.
     *
     * @param resource as the original names it
     * @param id parameter of the path that names it; that of the answer's member of this name when it is not in the path
     * @param actor parameter of the path that names who is added or removed
     */
    record Event(
            String resource,
            String operation,
            String id,
            @Nullable String actor) {
        String type() {
            return "identity." + resource + "." + operation;
        }
    }

    static List<Event> of(Route route) {
        return TABLE.getOrDefault(key(route), List.of());
    }

    /** Empty for routes that are not about projects. */
    static List<Event> ofDomain(Route route) {
        return OF_DOMAINS.getOrDefault(key(route), List.of());
    }

    private static String key(Route route) {
        return route.method() + " " + route.path();
    }

    static boolean isGrant(Route route) {
        return List.of("PUT", "DELETE").contains(route.method())
                && GRANT.matcher(route.path()).matches();
    }

    /** What a grant is about, as the original tells it. */
    static Map<String, Object> grant(Route route, Request request) {
        Matcher path = GRANT.matcher(route.path());
        if (!path.matches()) {
            throw new IllegalArgumentException("no grant: " + route.path());
        }
        String[] parts = request.path().split("/");
        int from = path.group(1) == null ? 2 : 3;
        Map<String, Object> about = new LinkedHashMap<>();
        int next = from + 1;
        if (!parts[from].equals("system")) {
            about.put(parts[from].equals("projects") ? "project" : "domain", parts[next++]);
        }
        about.put(parts[next].equals("users") ? "user" : "group", parts[next + 1]);
        about.put("inherited_to_projects", path.group(1) != null);
        about.put("role", parts[next + 3]);
        return about;
    }

    private static Map<String, List<Event>> table() {
        Map<String, List<Event>> table = new HashMap<>();
        collection(table, "/v3/users", "user");
        collection(table, "/v3/groups", "group");
        collection(table, "/v3/projects", "project");
        collection(table, "/v3/domains", "domain");
        collection(table, "/v3/roles", "role");
        collection(table, "/v3/regions", "region");
        collection(table, "/v3/services", "service");
        collection(table, "/v3/endpoints", "endpoint");
        collection(table, "/v3/policies", "policy");
        // A domain is a project as well.
        add(table, "PATCH /v3/domains/{domain_id}", new Event("project", UPDATED, "domain_id", null));
        add(table, "DELETE /v3/domains/{domain_id}", new Event("project", DELETED, "domain_id", null));
        add(table, "POST /v3/users/{user_id}/password", new Event("user", UPDATED, "user_id", null));
        String member = " /v3/groups/{group_id}/users/{user_id}";
        add(table, "PUT" + member, new Event("group", UPDATED, "group_id", "user_id"));
        add(table, "DELETE" + member, new Event("group", UPDATED, "group_id", "user_id"));
        add(table, "PUT /v3/projects/{project_id}/tags/{tag}", new Event("project tag", CREATED, "tag", null));
        add(table, "DELETE /v3/projects/{project_id}/tags/{tag}", new Event("project tag", DELETED, "tag", null));
        forGood(table, "/v3/credentials", "credential", "credential", "credential_id");
        forGood(table, "/v3/OS-TRUST/trusts", "trust", "OS-TRUST:trust", "trust_id");
        String consumer = "OS-OAUTH1:consumer";
        forGood(table, "/v3/OS-OAUTH1/consumers", "consumer", consumer, "consumer_id");
        add(table, "PATCH /v3/OS-OAUTH1/consumers/{consumer_id}", new Event(consumer, UPDATED, "consumer_id", null));
        add(
                table,
                "DELETE /v3/users/{user_id}/OS-OAUTH1/access_tokens/{access_token_id}",
                new Event("OS-OAUTH1:access_token", DELETED, "access_token_id", null));
        String secret = "application_credential";
        forGood(table, "/v3/users/{user_id}/application_credentials", secret, secret, secret + "_id");
        add(
                table,
                "DELETE /v3/users/{user_id}/access_rules/{access_rule_id}",
                new Event("access_rule", DELETED, "access_rule_id", null));
        return Map.copyOf(table);
    }

    private static void collection(Map<String, List<Event>> table, String path, String resource) {
        String id = resource + "_id";
        forGood(table, path, resource, resource, id);
        add(table, "PATCH " + path + "/{" + id + "}", new Event(resource, UPDATED, id, null));
    }

    /** Of what does not change between its creation and its end. */
    private static void forGood(
            Map<String, List<Event>> table, String path, String envelope, String resource, String id) {
        add(table, "POST " + path, new Event(resource, CREATED, envelope, null));
        add(table, "DELETE " + path + "/{" + id + "}", new Event(resource, DELETED, id, null));
    }

    private static void add(Map<String, List<Event>> table, String route, Event event) {
        table.computeIfAbsent(route, r -> new ArrayList<>()).add(event);
    }
}
