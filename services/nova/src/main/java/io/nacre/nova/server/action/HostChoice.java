package io.nacre.nova.server.action;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Placement;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.Zones;
import io.nacre.nova.scheduler.Resources;
import io.nacre.nova.scheduler.Scheduler;
import io.nacre.nova.scheduler.Snapshot;
import io.nacre.nova.scheduler.Wanted;
import io.nacre.nova.server.Groups;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses a host and claims its resources in one transaction, so that nobody can be faster in between. */
public final class HostChoice {
    private static final Logger LOG = LoggerFactory.getLogger(HostChoice.class);
    private static final String NO_VALID_HOST = "No valid host was found. There are not enough hosts available.";

    private final ServerSagas base;
    private final Scheduler scheduler;
    private final Zones zones;
    private final Groups groups;

    public HostChoice(ServerSagas base, Scheduler scheduler, Zones zones, Groups groups) {
        this.base = base;
        this.scheduler = scheduler;
        this.zones = zones;
        this.groups = groups;
    }

    /**
     * @param host the only host that will do; null for any
     * @param node the only hypervisor that will do; null for any
     * @param excluded hosts that have failed this server already
     */
    Server.Place claim(Tx tx, Server server, @Nullable String host, @Nullable String node, Set<String> excluded) {
        Wanted wanted = new Wanted(
                server.flavor(),
                server.source().properties(),
                server.wishes().zone(),
                host,
                node,
                excluded,
                server.wishes().hints(),
                groups.ruleFor(tx, server).orElse(null));
        Placement.Query query = Resources.query(
                server.flavor(), server.source().properties(), server.source().imageId() == null);
        Map<String, Placement.Candidate> candidates = new LinkedHashMap<>();
        base.placement().candidates(tx, query).forEach(c -> candidates.putIfAbsent(c.providerId(), c));
        Snapshot snapshot = snapshot(tx, candidates, wanted);
        Scheduler.Choice choice = scheduler.choose(wanted, snapshot);
        for (Snapshot.Host one : choice.ranked()) {
            Placement.Candidate candidate = candidates.get(one.providerId());
            if (candidate != null && claimed(tx, server, candidate)) {
                LOG.debug("Server {} goes to {}", server.id(), one.name());
                return new Server.Place(one.name(), one.report().hypervisorHostname(), one.zone());
            }
        }
        String reason = candidates.isEmpty()
                ? "placement found no host with enough room: "
                        + base.placement().shortage(tx, query)
                : choice.explain(snapshot.hosts().size());
        LOG.warn("No valid host for server {}: {}", server.id(), reason);
        throw new FaultException(
                new Fault(Fault.Kind.INTERNAL, "NoValidHost", NO_VALID_HOST, Map.of("reason", reason)));
    }

    private boolean claimed(Tx tx, Server server, Placement.Candidate candidate) {
        try {
            base.placement()
                    .claim(
                            tx,
                            new Placement.Claim(
                                    server.id(),
                                    server.projectId(),
                                    server.userId(),
                                    "INSTANCE",
                                    candidate.allocations()));
            return true;
        } catch (FaultException e) {
            if (e.is(Fault.Kind.CONFLICT)) {
                return false;
            }
            throw e;
        }
    }

    private Snapshot snapshot(Tx tx, Map<String, Placement.Candidate> candidates, Wanted wanted) {
        Map<String, ComputeHost> byId = new LinkedHashMap<>();
        base.hosts().byIds(tx, candidates.keySet()).forEach(host -> byId.put(host.id(), host));
        List<String> names = byId.values().stream().map(ComputeHost::host).toList();
        Map<String, String> zoneOf = zones.of(tx, names);
        Map<String, ServerStore.Sum> sums = base.servers().sumByHost(tx, names);
        List<Snapshot.Host> hosts = new ArrayList<>();
        for (String id : candidates.keySet()) {
            ComputeHost host = byId.get(id);
            if (host != null) {
                ServerStore.Sum sum = sums.getOrDefault(host.host(), ServerStore.Sum.NOTHING);
                hosts.add(new Snapshot.Host(
                        id,
                        host.host(),
                        zoneOf.getOrDefault(host.host(), ""),
                        base.liveness().isUp(host) && !host.disabled(),
                        host.report(),
                        new Snapshot.Used(sum.servers(), sum.vcpus(), sum.ramMiB(), sum.diskGiB())));
            }
        }
        Set<String> referred = new HashSet<>(wanted.hint("same_host"));
        referred.addAll(wanted.hint("different_host"));
        return new Snapshot(hosts, base.servers().hostsOf(tx, referred));
    }
}
