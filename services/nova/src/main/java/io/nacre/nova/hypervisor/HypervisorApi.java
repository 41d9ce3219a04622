package io.nacre.nova.hypervisor;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Liveness;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** API reference "Hypervisors". */
public final class HypervisorApi {
    private static final PolicyRule LIST = NovaPolicy.admin("os-hypervisors:list");
    private static final PolicyRule DETAIL = NovaPolicy.admin("os-hypervisors:list-detail");
    private static final PolicyRule SHOW = NovaPolicy.admin("os-hypervisors:show");
    private static final PolicyRule STATISTICS = NovaPolicy.admin("os-hypervisors:statistics");
    private static final PolicyRule UPTIME = NovaPolicy.admin("os-hypervisors:uptime");
    private static final PolicyRule SEARCH = NovaPolicy.admin("os-hypervisors:search");
    private static final PolicyRule SERVERS = NovaPolicy.admin("os-hypervisors:servers");

    private static final int PAGES_SINCE = 33;
    private static final int UUID_SINCE = 53;
    private static final int SLIM_SINCE = 88;
    private static final int MAX_LIMIT = 1000;

    private final Transactions transactions;
    private final HostStore hosts;
    private final ServerStore servers;
    private final HypervisorView view;

    public HypervisorApi(Transactions transactions, HostStore hosts, ServerStore servers, Liveness liveness) {
        this.transactions = transactions;
        this.hosts = hosts;
        this.servers = servers;
        this.view = new HypervisorView(liveness);
    }

    public List<Route> routes() {
        String all = "/os-hypervisors";
        String one = all + "/{id}";
        return List.of(
                Route.get(all).policy(LIST).to(request -> list(request, false)),
                Route.get(all + "/detail").policy(DETAIL).to(request -> list(request, true)),
                Route.get(all + "/statistics")
                        .policy(STATISTICS)
                        .until(SLIM_SINCE - 1)
                        .to(this::statistics),
                Route.get(one).policy(SHOW).to(this::show),
                Route.get(one + "/uptime").policy(UPTIME).until(SLIM_SINCE - 1).to(this::uptime),
                Route.get(one + "/search").policy(SEARCH).until(UUID_SINCE - 1).to(request -> search(request, false)),
                Route.get(one + "/servers")
                        .policy(SERVERS)
                        .until(UUID_SINCE - 1)
                        .to(request -> search(request, true)));
    }

    private List<HypervisorView.Shown> find(Predicate<ComputeHost> wanted, boolean withServers) {
        return transactions.read(tx -> {
            List<ComputeHost> found = hosts.all(tx).stream().filter(wanted).toList();
            List<String> names = found.stream().map(ComputeHost::host).toList();
            Map<String, ServerStore.Sum> sums = servers.sumByHost(tx, names);
            return found.stream()
                    .map(host -> new HypervisorView.Shown(
                            host,
                            sums.getOrDefault(host.host(), ServerStore.Sum.NOTHING),
                            withServers ? servers.onHost(tx, host.host()) : List.<Server>of()))
                    .toList();
        });
    }

    private Response list(Request request, boolean detail) {
        boolean withServers = request.minor() >= UUID_SINCE
                && Boolean.TRUE.equals(request.query().bool("with_servers"));
        String pattern = request.minor() >= UUID_SINCE ? request.query().get("hypervisor_hostname_pattern") : null;
        List<HypervisorView.Shown> found =
                find(host -> pattern == null || host.hypervisorHostname().contains(pattern), withServers);
        if (pattern != null && found.isEmpty()) {
            throw Fault.notFound("No hypervisor matching '" + pattern + "' could be found.");
        }
        String next = null;
        if (request.minor() >= PAGES_SINCE && pattern == null) {
            Integer limit = request.query().integer("limit", 0, Integer.MAX_VALUE);
            int most = limit == null || limit == 0 ? MAX_LIMIT : Math.min(limit, MAX_LIMIT);
            found = after(request, found);
            if (found.size() > most) {
                found = found.subList(0, most);
                next = request.url(Map.of("marker", id(request, found.getLast().host())));
            }
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "hypervisors",
                found.stream()
                        .map(shown -> view.show(shown, request.minor(), detail, withServers))
                        .toList());
        if (next != null) {
            body.put("hypervisors_links", Links.next(next));
        }
        return Response.json(200, body);
    }

    private static String id(Request request, ComputeHost host) {
        return request.minor() >= UUID_SINCE ? host.id() : Long.toString(host.number());
    }

    private static List<HypervisorView.Shown> after(Request request, List<HypervisorView.Shown> found) {
        String marker = request.query().get("marker");
        if (marker == null) {
            return found;
        }
        for (int i = 0; i < found.size(); i++) {
            if (id(request, found.get(i).host()).equals(marker)) {
                return found.subList(i + 1, found.size());
            }
        }
        throw Fault.invalid("marker [" + marker + "] not found");
    }

    private HypervisorView.Shown one(Request request, boolean withServers) {
        String id = request.param("id");
        List<HypervisorView.Shown> found = find(host -> id(request, host).equals(id), withServers);
        if (found.isEmpty()) {
            throw Fault.notFound("Hypervisor with ID '" + id + "' could not be found.");
        }
        return found.getFirst();
    }

    private Response show(Request request) {
        boolean withServers = request.minor() >= UUID_SINCE
                && Boolean.TRUE.equals(request.query().bool("with_servers"));
        return Response.json(
                200, "hypervisor", view.show(one(request, withServers), request.minor(), true, withServers));
    }

    private Response uptime(Request request) {
        HypervisorView.Shown shown = one(request, false);
        if (!view.isUp(shown.host())) {
            throw Fault.invalid("Compute service of " + shown.host().host() + " is unavailable at this time.");
        }
        Map<String, @Nullable Object> body = view.show(shown, request.minor(), false, false);
        body.put("uptime", view.uptime(shown.host()));
        return Response.json(200, "hypervisor", body);
    }

    private Response search(Request request, boolean withServers) {
        String pattern = request.param("id");
        List<HypervisorView.Shown> found =
                find(host -> host.hypervisorHostname().contains(pattern), withServers);
        if (found.isEmpty()) {
            throw Fault.notFound("No hypervisor matching '" + pattern + "' could be found.");
        }
        return Response.json(
                200,
                "hypervisors",
                found.stream()
                        .map(shown -> view.show(shown, request.minor(), false, withServers))
                        .toList());
    }

    private Response statistics(Request request) {
        return Response.json(200, "hypervisor_statistics", view.sum(find(host -> !host.disabled(), false)));
    }
}
