package io.nacre.keystone.directory;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Scopes;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Before requests about users and groups: what is read is looked up in the directory first, and what is of a directory
 * is not written. After a domain's settings changed: it has nobody of a directory that is not its own any more.
 */
public final class DirectoryGate {
    private final Directories directories;
    private final DirectoryLooks looks;
    private final Map<String, Consumer<Request>> table;

    DirectoryGate(Directories directories, DirectoryLooks looks) {
        this.directories = directories;
        this.looks = looks;
        this.table = table();
    }

    /** The same routes; what they are about is up to date. */
    public List<Route> guarded(List<Route> routes) {
        return directories.enabled() ? routes.stream().map(this::guarded).toList() : routes;
    }

    private Route guarded(Route route) {
        if (route.path().startsWith("/v3/domains/{domain_id}/config")
                && !route.method().equals("GET")) {
            return route.answeredBy(request -> {
                Response response = route.handler().handle(request);
                looks.settle(request.param("domain_id"));
                return response;
            });
        }
        Consumer<Request> first = table.get(route.method() + " " + route.path());
        return first == null
                ? route
                : route.answeredBy(request -> {
                    first.accept(request);
                    return route.handler().handle(request);
                });
    }

    private Map<String, Consumer<Request>> table() {
        String user = " /v3/users/{user_id}";
        String group = " /v3/groups/{group_id}";
        String member = group + "/users/{user_id}";
        return Map.ofEntries(
                Map.entry("GET /v3/users", request -> looks.users(domain(request), name(request))),
                Map.entry("GET /v3/groups", request -> looks.groups(domain(request), name(request))),
                Map.entry("GET" + user, this::user),
                Map.entry("GET" + user + "/groups", this::user),
                Map.entry("GET" + group, request -> looks.group(request.param("group_id"))),
                Map.entry("GET" + group + "/users", request -> looks.group(request.param("group_id"))),
                Map.entry("GET" + member, this::user),
                Map.entry("POST /v3/users", request -> requireDatabase(home(request, "user"))),
                Map.entry("POST /v3/groups", request -> requireDatabase(home(request, "group"))),
                Map.entry("PATCH" + user, request -> requireOwn(Kind.USER, request.param("user_id"))),
                Map.entry("DELETE" + user, request -> requireOwn(Kind.USER, request.param("user_id"))),
                Map.entry("POST" + user + "/password", request -> requireOwn(Kind.USER, request.param("user_id"))),
                Map.entry("PATCH" + group, request -> requireOwn(Kind.GROUP, request.param("group_id"))),
                Map.entry("DELETE" + group, request -> requireOwn(Kind.GROUP, request.param("group_id"))),
                Map.entry("PUT" + member, this::requireOwnMembership),
                Map.entry("DELETE" + member, this::requireOwnMembership));
    }

    private void user(Request request) {
        looks.user(request.param("user_id"));
    }

    /** Which domain is listed; null for all. */
    private static @Nullable String domain(Request request) {
        return Scopes.listed(request.caller(), request.query().get("domain_id"));
    }

    private static @Nullable String name(Request request) {
        return request.query().get("name");
    }

    private static String home(Request request, String envelope) {
        String domainId = Fields.of(request, envelope).text("domain_id");
        return domainId == null ? Scopes.homeDomain(request.caller()) : domainId;
    }

    private static FaultException readOnly() {
        return Fault.forbidden("LDAP does not support write operations");
    }

    private void requireDatabase(String domainId) {
        if (directories.has(domainId)) {
            throw readOnly();
        }
    }

    private void requireOwn(Kind kind, String publicId) {
        if (looks.local(kind, publicId).isPresent()) {
            throw readOnly();
        }
    }

    private void requireOwnMembership(Request request) {
        String userId = request.param("user_id");
        String groupId = request.param("group_id");
        requireOwn(Kind.GROUP, groupId);
        if (looks.local(Kind.USER, userId).isPresent()) {
            throw Fault.forbidden("Group membership across backend boundaries is not allowed. Group in question is "
                    + groupId + ", user is " + userId + ".");
        }
    }
}
