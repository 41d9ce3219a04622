package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.NovaQuotas;
import io.nacre.nova.Shapes;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** API reference "Server metadata". */
final class ServerMetadataApi {
    private static final PolicyRule INDEX = NovaPolicy.reader("server-metadata:index");
    private static final PolicyRule SHOW = NovaPolicy.reader("server-metadata:show");
    private static final PolicyRule CREATE = NovaPolicy.member("server-metadata:create");
    private static final PolicyRule UPDATE_ALL = NovaPolicy.member("server-metadata:update_all");
    private static final PolicyRule UPDATE = NovaPolicy.member("server-metadata:update");
    private static final PolicyRule DELETE = NovaPolicy.member("server-metadata:delete");

    private static final Schema ALL = Schema.of("""
            {"type": "object", "required": ["metadata"], "additionalProperties": false,
             "properties": {"metadata": %s}}""".formatted(Shapes.METADATA));
    private static final Schema ONE = Schema.of("""
            {"type": "object", "required": ["meta"], "additionalProperties": false, "properties": {"meta":
              {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false,
               "patternProperties": {"^[a-zA-Z0-9-_:. ]{1,255}$": {"type": "string", "maxLength": 255}}}}}""");

    private final Transactions transactions;
    private final ServerStore servers;
    private final NovaQuotas quotas;
    private final InstantSource clock;

    ServerMetadataApi(Transactions transactions, ServerStore servers, NovaQuotas quotas, InstantSource clock) {
        this.transactions = transactions;
        this.servers = servers;
        this.quotas = quotas;
        this.clock = clock;
    }

    List<Route> routes() {
        String all = "/servers/{id}/metadata";
        String one = all + "/{key}";
        return List.of(
                Route.get(all).policy(INDEX).to(this::list),
                Route.post(all).policy(CREATE).body(ALL).to(request -> change(request, CREATE, false)),
                Route.put(all).policy(UPDATE_ALL).body(ALL).to(request -> change(request, UPDATE_ALL, true)),
                Route.get(one).policy(SHOW).to(this::show),
                Route.put(one).policy(UPDATE).body(ONE).to(this::changeOne),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private Map<String, String> read(Request request, PolicyRule rule) {
        Server server = transactions.read(tx -> servers.require(tx, request.caller(), request.param("id")));
        request.enforce(rule, server.target());
        return server.metadata();
    }

    private Response list(Request request) {
        return Response.json(200, "metadata", read(request, INDEX));
    }

    private Response show(Request request) {
        String key = request.param("key");
        String value = read(request, SHOW).get(key);
        if (value == null) {
            throw missing();
        }
        return Response.json(200, "meta", Map.of(key, value));
    }

    private Response change(Request request, PolicyRule rule, boolean replace) {
        Map<String, String> items = NewServer.strings(request.json("metadata"));
        return Response.json(200, "metadata", merge(request, rule, items, replace));
    }

    private Response changeOne(Request request) {
        Map<String, String> item = NewServer.strings(request.json("meta"));
        if (!item.containsKey(request.param("key"))) {
            throw Fault.invalid("Request body and URI mismatch");
        }
        merge(request, UPDATE, item, false);
        return Response.json(200, "meta", item);
    }

    private Map<String, String> merge(Request request, PolicyRule rule, Map<String, String> items, boolean replace) {
        return transactions.write(tx -> {
            Server server = servers.require(tx, request.caller(), request.param("id"));
            request.enforce(rule, server.target());
            server.requireUnlocked(request.caller());
            ServerState.UPDATE_METADATA.require(server);
            Map<String, String> merged = new LinkedHashMap<>(replace ? Map.of() : server.metadata());
            merged.putAll(items);
            quotas.requireMetadata(tx, server.projectId(), merged.size());
            servers.change(tx, server, clock.instant()).metadata(merged).apply();
            return merged;
        });
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), request.param("id"));
            request.enforce(DELETE, server.target());
            server.requireUnlocked(request.caller());
            Map<String, String> left = new LinkedHashMap<>(server.metadata());
            if (left.remove(request.param("key")) == null) {
                throw missing();
            }
            ServerState.DELETE_METADATA.require(server);
            servers.change(tx, server, clock.instant()).metadata(left).apply();
        });
        return Response.empty(204);
    }

    private static FaultException missing() {
        return Fault.notFound("Metadata item was not found");
    }
}
