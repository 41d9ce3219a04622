package io.nacre.nova.instanceaction;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.policy.PolicyRule;
import io.nacre.tasks.Tasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "Servers actions". */
public final class InstanceActionApi {
    private static final PolicyRule LIST = NovaPolicy.reader("os-instance-actions:list");
    private static final PolicyRule SHOW = NovaPolicy.reader("os-instance-actions:show");
    private static final PolicyRule EVENTS = NovaPolicy.admin("os-instance-actions:events");
    private static final PolicyRule DETAILS = NovaPolicy.admin("os-instance-actions:events:details");

    private static final int DELETED_SINCE = 21;
    private static final int EVENTS_SINCE = 51;
    private static final int PAGES_SINCE = 58;
    private static final int HOST_SINCE = 62;
    private static final int BEFORE_SINCE = 66;
    private static final int DETAILS_SINCE = 84;
    private static final int MAX_LIMIT = 1000;

    private final Transactions transactions;
    private final ServerStore servers;
    private final Tasks tasks;

    public InstanceActionApi(Transactions transactions, ServerStore servers, Tasks tasks) {
        this.transactions = transactions;
        this.servers = servers;
        this.tasks = tasks;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/servers/{id}/os-instance-actions").policy(LIST).to(this::list),
                Route.get("/servers/{id}/os-instance-actions/{request}")
                        .policy(SHOW)
                        .to(this::show));
    }

    /** Rules that are asked for beside those of the routes. */
    public static List<PolicyRule> rules() {
        return List.of(EVENTS, DETAILS);
    }

    private record Found(Server server, List<InstanceAction> actions) {}

    private Found find(Request request, PolicyRule rule) {
        String id = request.param("id");
        Found found = transactions.read(tx -> {
            Server server = servers.findEver(tx, id)
                    .filter(one -> request.minor() >= DELETED_SINCE || !one.isDeleted())
                    .filter(one -> request.caller().isAdmin()
                            || one.projectId().equals(request.caller().projectId()))
                    .orElseThrow(() -> ServerStore.missing(id));
            return new Found(server, InstanceAction.of(tasks.timeline(tx, ServerSagas.resource(id))));
        });
        request.enforce(rule, found.server().target());
        return found;
    }

    private Response list(Request request) {
        Found found = find(request, LIST);
        List<InstanceAction> actions = found.actions();
        String next = null;
        if (request.minor() >= PAGES_SINCE) {
            actions = changed(request, actions);
            Integer limit = request.query().integer("limit", 0, Integer.MAX_VALUE);
            int most = limit == null || limit == 0 ? MAX_LIMIT : Math.min(limit, MAX_LIMIT);
            actions = after(request.query().get("marker"), actions);
            if (actions.size() > most) {
                actions = actions.subList(0, most);
                next = request.url(Map.of("marker", actions.getLast().requestId()));
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "instanceActions",
                actions.stream()
                        .map(action -> show(action, found.server(), request.minor()))
                        .toList());
        if (next != null) {
            body.put("links", Links.next(next));
        }
        return Response.json(200, body);
    }

    private static List<InstanceAction> changed(Request request, List<InstanceAction> actions) {
        Set<String> known = request.minor() >= BEFORE_SINCE
                ? Set.of("limit", "marker", "changes-since", "changes-before")
                : Set.of("limit", "marker", "changes-since");
        request.query().allow(known);
        Instant since = Wire.moment("changes-since", request.query().get("changes-since"));
        Instant before = Wire.moment("changes-before", request.query().get("changes-before"));
        if (since != null && before != null && before.isBefore(since)) {
            throw Fault.invalid("The value of changes-since must be less than or equal to changes-before.");
        }
        return actions.stream()
                .filter(action -> since == null || !action.updatedAt().isBefore(since))
                .filter(action -> before == null || !action.updatedAt().isAfter(before))
                .toList();
    }

    private static List<InstanceAction> after(@Nullable String marker, List<InstanceAction> actions) {
        if (marker == null) {
            return actions;
        }
        for (int i = 0; i < actions.size(); i++) {
            if (actions.get(i).requestId().equals(marker)) {
                return actions.subList(i + 1, actions.size());
            }
        }
        throw Fault.invalid("Marker " + marker + " could not be found.");
    }

    private Response show(Request request) {
        Found found = find(request, SHOW);
        String wanted = request.param("request");
        InstanceAction action = found.actions().stream()
                .filter(one -> one.requestId().equals(wanted))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Action " + wanted + " not found"));
        Map<String, @Nullable Object> body = show(action, found.server(), request.minor());
        boolean everything = request.allows(EVENTS, found.server().target());
        if (everything || request.minor() >= EVENTS_SINCE) {
            boolean details = request.minor() >= DETAILS_SINCE
                    && request.allows(DETAILS, found.server().target());
            List<Map<String, @Nullable Object>> events = new ArrayList<>();
            action.events()
                    .forEach(event -> events.add(event(event, found.server(), request.minor(), everything, details)));
            body.put("events", events);
        }
        return Response.json(200, "instanceAction", body);
    }

    private static Map<String, @Nullable Object> show(InstanceAction action, Server server, int minor) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("action", action.action());
        body.put("instance_uuid", server.id());
        body.put("request_id", action.requestId());
        body.put("user_id", action.caller().userId());
        body.put("project_id", action.caller().projectId());
        body.put("start_time", Wire.micros(action.startedAt()));
        body.put("message", action.message());
        if (minor >= PAGES_SINCE) {
            body.put("updated_at", Wire.micros(action.updatedAt()));
        }
        return body;
    }

    private static Map<String, @Nullable Object> event(
            InstanceAction.Event event, Server server, int minor, boolean everything, boolean details) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("event", event.name());
        body.put("start_time", Wire.micros(event.startedAt()));
        body.put("finish_time", Wire.micros(event.finishedAt()));
        body.put("result", event.result());
        if (everything) {
            body.put("traceback", event.details());
        }
        if (minor >= HOST_SINCE) {
            if (everything) {
                body.put("host", event.host());
            }
            body.put("hostId", Wire.hostId(server.projectId(), event.host()));
        }
        if (details) {
            body.put("details", event.details());
        }
        return body;
    }
}
