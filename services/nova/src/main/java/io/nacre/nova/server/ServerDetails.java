package io.nacre.nova.server;

import io.nacre.base.Tx;
import io.nacre.contracts.peer.Networks;
import io.nacre.http.Request;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Liveness;
import io.nacre.policy.PolicyRule;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gathers what belongs to servers but stands elsewhere, for all of them at once. */
final class ServerDetails {
    private static final PolicyRule EXTENDED = NovaPolicy.admin("os-extended-server-attributes");
    private static final PolicyRule EXTRA_SPECS = NovaPolicy.reader("servers:show:flavor-extra-specs");
    private static final PolicyRule HOST_STATUS = NovaPolicy.admin("servers:show:host_status");
    private static final int HOST_STATUS_SINCE = 16;
    private static final int TAGS_SINCE = 26;
    private static final int GROUPS_SINCE = 71;

    private final Networks networks;
    private final TagStore tags;
    private final HostStore hosts;
    private final Groups groups;
    private final Liveness liveness;

    ServerDetails(Networks networks, TagStore tags, HostStore hosts, Groups groups, Liveness liveness) {
        this.networks = networks;
        this.tags = tags;
        this.hosts = hosts;
        this.groups = groups;
        this.liveness = liveness;
    }

    static List<PolicyRule> rules() {
        return List.of(EXTENDED, EXTRA_SPECS, HOST_STATUS);
    }

    List<ServerView.Shown> of(Tx tx, Request request, List<Server> servers) {
        String project = servers.isEmpty() ? "" : servers.getFirst().projectId();
        ServerView.Sight sight = sight(request, project);
        List<String> ids = servers.stream().map(Server::id).toList();
        Map<String, List<Networks.Port>> ports = ids.isEmpty() ? Map.of() : networks.ports(tx, ids);
        Map<String, List<String>> tagged = request.minor() >= TAGS_SINCE ? tags.of(tx, ids) : Map.of();
        Map<String, ComputeHost> known = Map.of();
        if (showsHostStatus(request, sight)) {
            Set<String> names = new HashSet<>();
            servers.forEach(server -> {
                if (server.place() != null) {
                    names.add(server.place().host());
                }
            });
            known = hosts.byNames(tx, names);
        }
        boolean grouped = request.minor() >= GROUPS_SINCE && servers.size() == 1;
        Map<String, ComputeHost> byName = known;
        return servers.stream()
                .map(server -> new ServerView.Shown(
                        server,
                        new ServerView.Around(
                                ports.getOrDefault(server.id(), List.of()),
                                tagged.getOrDefault(server.id(), List.of()),
                                status(server, byName),
                                grouped ? groups.of(tx, server.id()) : List.of()),
                        sight,
                        request))
                .toList();
    }

    ServerView.Shown of(Tx tx, Request request, Server server) {
        return of(tx, request, List.of(server)).getFirst();
    }

    static boolean showsHostStatus(Request request, ServerView.Sight sight) {
        return request.minor() >= HOST_STATUS_SINCE && sight.hostStatus();
    }

    private String status(Server server, Map<String, ComputeHost> known) {
        if (server.place() == null) {
            return "";
        }
        ComputeHost host = known.get(server.place().host());
        return host == null ? "UNKNOWN" : liveness.status(host);
    }

    /** What the caller may see of servers of a project. */
    static ServerView.Sight sight(Request request, String projectId) {
        Map<String, String> target = Map.of("project_id", projectId);
        return new ServerView.Sight(
                request.allows(EXTENDED, target),
                request.allows(EXTRA_SPECS, target),
                request.allows(HOST_STATUS, target),
                request.caller().isAdmin());
    }
}
