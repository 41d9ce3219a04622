package io.nacre.nova.server;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Memo;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.http.Paging;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.server.action.ServerDelete;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Servers": list, show, update and delete. */
public final class ServerApi {
    private static final PolicyRule INDEX = NovaPolicy.reader("servers:index");
    private static final PolicyRule DETAIL = NovaPolicy.reader("servers:detail");
    private static final PolicyRule INDEX_ALL = NovaPolicy.admin("servers:index:get_all_tenants");
    private static final PolicyRule DETAIL_ALL = NovaPolicy.admin("servers:detail:get_all_tenants");
    private static final PolicyRule ALL_FILTERS = NovaPolicy.admin("servers:allow_all_filters");
    private static final PolicyRule SHOW = NovaPolicy.reader("servers:show");
    private static final PolicyRule UPDATE = NovaPolicy.member("servers:update");
    private static final PolicyRule DELETE = NovaPolicy.member("servers:delete");

    private static final int MAX_LIMIT = 1000;
    private static final int STRICT_SORT_SINCE = 75;
    private static final long LISTINGS_BYTES = 8 << 20;
    private static final List<Page.Sort> ORDER = List.of(new Page.Sort("created_at", false));
    /** Sort keys that were once allowed to no effect. */
    private static final Set<String> IGNORED_SORTS = Set.of(
            "architecture",
            "cell_name",
            "cleaned",
            "default_ephemeral_device",
            "default_swap_device",
            "deleted",
            "deleted_at",
            "disable_terminate",
            "ephemeral_gb",
            "ephemeral_key_uuid",
            "id",
            "key_data",
            "launched_on",
            "memory_mb",
            "os_type",
            "reservation_id",
            "root_gb",
            "shutdown_terminate",
            "user_data",
            "vcpus",
            "vm_mode",
            "kernel_id",
            "ramdisk_id",
            "root_device_name",
            "progress");

    private final Transactions transactions;
    private final ServerStore servers;
    private final ServerSearchStore search;
    private final ServerDetails details;
    private final ServerDelete deletion;
    private final InstantSource clock;
    private final Memo<Listing> listings;

    /** All that a listing depends on beside the database; the page and the level of detail stand in the URL. */
    private record Listing(
            String url,
            int minor,
            Caller.@Nullable Person user,
            Caller.Scope scope,
            Set<String> roles,
            ServerFilters filters,
            ServerView.Sight sight,
            long second) {
        static Listing of(Request request, ServerFilters filters, ServerView.Sight sight, long second) {
            Caller caller = request.caller();
            return new Listing(
                    request.url(Map.of()),
                    request.minor(),
                    caller.user(),
                    caller.scope(),
                    caller.roles(),
                    filters,
                    sight,
                    second);
        }
    }

    ServerApi(
            Transactions transactions,
            ServerStore servers,
            ServerSearchStore search,
            ServerDetails details,
            ServerDelete deletion,
            InstantSource clock) {
        this.transactions = transactions;
        this.servers = servers;
        this.search = search;
        this.details = details;
        this.deletion = deletion;
        this.clock = clock;
        this.listings = new Memo<>(transactions, LISTINGS_BYTES);
    }

    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.get("/servers").policy(INDEX).to(request -> list(request, false)),
                Route.get("/servers/detail").policy(DETAIL).to(request -> list(request, true)),
                Route.get("/servers/{id}").policy(SHOW).to(this::show),
                Route.delete("/servers/{id}").policy(DELETE).to(this::delete)));
        routes.addAll(ServerShapes.update("/servers/{id}", UPDATE, this::update));
        return routes;
    }

    /** Rules that are asked for beside those of the routes. */
    public static List<PolicyRule> rules() {
        List<PolicyRule> rules = new ArrayList<>(List.of(INDEX_ALL, DETAIL_ALL, ALL_FILTERS));
        rules.addAll(ServerDetails.rules());
        return rules;
    }

    private Response list(Request request, boolean detail) {
        Caller caller = request.caller();
        Query query = request.query();
        boolean all = query.has("all_tenants") && isAll(query.get("all_tenants"));
        Map<String, String> own = Map.of("project_id", String.valueOf(caller.projectId()));
        if (all) {
            request.enforce(detail ? DETAIL_ALL : INDEX_ALL, own);
        }
        Map<String, List<String>> asked = new HashMap<>();
        query.names().forEach(name -> asked.put(name, query.all(name)));
        Map.Entry<String, String> owner = caller.projectId() != null
                ? Map.entry("project_id", caller.projectId())
                : Map.entry("user_id", caller.requireUser());
        ServerFilters filters = ServerFilters.of(
                new ServerFilters.Asked(asked, request.minor(), request.allows(ALL_FILTERS, own), all), owner);
        Page page = page(request);
        ServerView.Sight sight = ServerDetails.sight(request, String.valueOf(caller.projectId()));
        Supplier<byte[]> answer = () -> Json.bytes(found(request, filters, page, detail));
        // How long ago a host was heard of changes without a commit.
        long second =
                ServerDetails.showsHostStatus(request, sight) ? clock.instant().getEpochSecond() : 0;
        return Response.bytes(
                200, "application/json", listings.answer(Listing.of(request, filters, sight, second), answer));
    }

    private Map<String, Object> found(Request request, ServerFilters filters, Page page, boolean detail) {
        record Found(List<Server> servers, List<ServerView.Shown> shown) {}
        Found found = transactions.read(tx -> {
            List<Server> rows = search.list(tx, filters, page);
            return new Found(rows, detail ? details.of(tx, request, rows) : List.of());
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "servers",
                detail
                        ? found.shown().stream()
                                .map(shown -> ServerView.full(shown, false))
                                .toList()
                        : found.servers().stream()
                                .map(server -> ServerView.brief(server, request))
                                .toList());
        String next = Paging.next(request, page, found.servers(), Server::id);
        if (next != null) {
            body.put("servers_links", Links.next(next));
        }
        return body;
    }

    /** Asking without saying what means yes. */
    private static boolean isAll(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return true;
        }
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "1", "t", "true", "on", "y", "yes" -> true;
            case "0", "f", "false", "off", "n", "no" -> false;
            default -> throw Fault.invalid("Invalid value '" + text + "' for all_tenants: it must be a boolean.");
        };
    }

    private static Page page(Request request) {
        Page page = Paging.of(request, MAX_LIMIT, ORDER);
        List<Page.Sort> sorts = page.sorts();
        if (request.minor() < STRICT_SORT_SINCE) {
            sorts = sorts.stream()
                    .filter(sort -> !IGNORED_SORTS.contains(sort.key()))
                    .toList();
        }
        boolean operator = request.caller().isAdmin();
        for (Page.Sort sort : sorts) {
            if (!operator && (sort.key().equals("host") || sort.key().equals("node"))) {
                throw Fault.forbidden("Only administrators can sort servers by " + sort.key());
            }
        }
        return new Page(page.limit(), page.marker(), sorts, false);
    }

    private Response show(Request request) {
        String id = request.param("id");
        ServerView.Shown shown = transactions.read(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            request.enforce(SHOW, server.target());
            return details.of(tx, request, server);
        });
        return Response.json(200, "server", ServerView.full(shown, true));
    }

    private Response update(Request request) {
        String id = request.param("id");
        JsonNode body = request.json("server");
        ServerView.Shown shown = transactions.write(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            request.enforce(UPDATE, server.target());
            change(servers.change(tx, server, clock.instant()), body);
            return details.of(tx, request, servers.require(tx, id));
        });
        return Response.json(200, "server", ServerView.updated(shown, true));
    }

    private static void change(ServerChange change, JsonNode body) {
        if (body.has("name")) {
            change.name(body.get("name").asString().strip());
        }
        if (body.has("description")) {
            change.description(Wire.text(body, "description"));
        }
        if (body.has("hostname")) {
            change.hostname(body.get("hostname").asString());
        }
        if (body.has("accessIPv4")) {
            change.accessIpV4(Wire.address(body.get("accessIPv4").asString()));
        }
        if (body.has("accessIPv6")) {
            change.accessIpV6(Wire.address(body.get("accessIPv6").asString()));
        }
        if (body.has("OS-DCF:diskConfig")) {
            change.autoDiskConfig(body.get("OS-DCF:diskConfig").asString().equals("AUTO"));
        }
        change.apply();
    }

    private Response delete(Request request) {
        String id = request.param("id");
        transactions.run(tx -> {
            Server server = servers.require(tx, request.caller(), id);
            request.enforce(DELETE, server.target());
            server.requireUnlocked(request.caller());
            deletion.start(tx, request.caller(), server);
        });
        return Response.empty(204);
    }
}
