package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Shapes;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** API reference "Server tags", since 2.26. */
final class TagApi {
    private static final PolicyRule INDEX = NovaPolicy.reader("os-server-tags:index");
    private static final PolicyRule SHOW = NovaPolicy.reader("os-server-tags:show");
    private static final PolicyRule UPDATE = NovaPolicy.member("os-server-tags:update");
    private static final PolicyRule UPDATE_ALL = NovaPolicy.member("os-server-tags:update_all");
    private static final PolicyRule DELETE = NovaPolicy.member("os-server-tags:delete");
    private static final PolicyRule DELETE_ALL = NovaPolicy.member("os-server-tags:delete_all");

    private static final int SINCE = 26;
    private static final int MOST = 50;
    private static final Pattern TAG = Pattern.compile("[^,/]{1,60}");
    private static final Schema TAGS = Schema.of("""
            {"type": "object", "required": ["tags"], "additionalProperties": false, "properties":
              {"tags": {"type": "array", "maxItems": 50, "items": %s}}}""".formatted(Shapes.TAG));
    private static final Set<VmState> AT_REST =
            EnumSet.of(VmState.ACTIVE, VmState.PAUSED, VmState.SUSPENDED, VmState.STOPPED);

    private final Transactions transactions;
    private final ServerStore servers;
    private final TagStore tags;
    private final InstantSource clock;

    TagApi(Transactions transactions, ServerStore servers, TagStore tags, InstantSource clock) {
        this.transactions = transactions;
        this.servers = servers;
        this.tags = tags;
        this.clock = clock;
    }

    List<Route> routes() {
        String all = "/servers/{id}/tags";
        String one = all + "/{tag}";
        return List.of(
                Route.get(all).policy(INDEX).since(SINCE).to(this::list),
                Route.put(all).policy(UPDATE_ALL).since(SINCE).body(TAGS).to(this::replace),
                Route.delete(all).policy(DELETE_ALL).since(SINCE).to(this::clear),
                Route.get(one).policy(SHOW).since(SINCE).to(this::show),
                Route.put(one).policy(UPDATE).since(SINCE).to(this::add),
                Route.delete(one).policy(DELETE).since(SINCE).to(this::remove));
    }

    private Server require(Tx tx, Request request, PolicyRule rule) {
        Server server = servers.require(tx, request.caller(), request.param("id"));
        request.enforce(rule, server.target());
        return server;
    }

    /** The server, when its tags may be changed in its state; and the change shows in when it was updated. */
    private Server touch(Tx tx, Request request, PolicyRule rule, String action) {
        Server server = require(tx, request, rule);
        if (!AT_REST.contains(server.vmState())) {
            throw ServerState.refused(
                    server, action, "vm_state " + server.vmState().wire());
        }
        servers.change(tx, server, clock.instant()).apply();
        return server;
    }

    private Response list(Request request) {
        return Response.json(
                200,
                "tags",
                transactions.read(tx -> tags.of(tx, require(tx, request, INDEX).id())));
    }

    private Response show(Request request) {
        String tag = request.param("tag");
        transactions.read(tx -> {
            Server server = require(tx, request, SHOW);
            if (!tags.of(tx, server.id()).contains(tag)) {
                throw missing(server.id(), tag);
            }
            return tag;
        });
        return Response.empty(204);
    }

    private Response add(Request request) {
        String tag = request.param("tag");
        boolean added = transactions.write(tx -> {
            Server server = touch(tx, request, UPDATE, "update tag");
            if (!TAG.matcher(tag).matches()) {
                throw Fault.invalid("Tag '" + tag + "' is invalid. It must be a non empty string without characters '/'"
                        + " and ','.");
            }
            List<String> present = tags.of(tx, server.id());
            if (!present.contains(tag) && present.size() >= MOST) {
                throw Fault.invalid("The number of tags exceeded the per-server limit " + MOST);
            }
            return tags.add(tx, server.id(), tag);
        });
        Response response = Response.empty(added ? 201 : 204);
        return added
                ? response.header("Location", Links.self(request, "servers", request.param("id") + "/tags/" + tag))
                : response;
    }

    private Response replace(Request request) {
        Set<String> wanted = new LinkedHashSet<>();
        request.json("tags").forEach(tag -> wanted.add(tag.asString()));
        List<String> now = transactions.write(tx -> {
            Server server = touch(tx, request, UPDATE_ALL, "update tags");
            tags.clear(tx, server.id());
            wanted.forEach(tag -> tags.add(tx, server.id(), tag));
            return tags.of(tx, server.id());
        });
        return Response.json(200, "tags", now);
    }

    private Response remove(Request request) {
        String tag = request.param("tag");
        transactions.run(tx -> {
            Server server = touch(tx, request, DELETE, "delete tag");
            if (!tags.remove(tx, server.id(), tag)) {
                throw missing(server.id(), tag);
            }
        });
        return Response.empty(204);
    }

    private Response clear(Request request) {
        transactions.run(tx ->
                tags.clear(tx, touch(tx, request, DELETE_ALL, "delete tags").id()));
        return Response.empty(204);
    }

    private static FaultException missing(String serverId, String tag) {
        return Fault.notFound("Server " + serverId + " has no tag '" + tag + "'");
    }
}
