package io.nacre.nova.host;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Placement;
import io.nacre.nova.NovaConfig;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes in what agents say of their hosts: the host itself, and its inventories in placement. */
public final class HostReports {
    private static final Logger LOG = LoggerFactory.getLogger(HostReports.class);

    private final Transactions transactions;
    private final HostStore hosts;
    private final Placement placement;
    private final Ids ids;
    private final InstantSource clock;
    private final NovaConfig config;
    /** Hosts whose inventories placement has had from us: the settings may have changed since the last start. */
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    public HostReports(
            Transactions transactions,
            HostStore hosts,
            Placement placement,
            Ids ids,
            InstantSource clock,
            NovaConfig config) {
        this.transactions = transactions;
        this.hosts = hosts;
        this.placement = placement;
        this.ids = ids;
        this.clock = clock;
        this.config = config;
    }

    /** Listens to {@link AgentReported}. */
    public void heard(AgentReported said) {
        ComputeNode.HostReport report = said.compute();
        if (report == null) {
            return;
        }
        String newId = ids.uuid();
        String newService = ids.uuid();
        transactions.run(tx -> {
            ComputeHost known = hosts.find(tx, said.host()).orElse(null);
            if (known == null) {
                known = new ComputeHost(
                        newId,
                        0,
                        said.host(),
                        newService,
                        report,
                        false,
                        null,
                        false,
                        said.stopping(),
                        said.startedAt(),
                        said.at(),
                        clock.instant(),
                        clock.instant());
                hosts.create(tx, known);
                report(tx, known.id(), report);
                LOG.info("Compute host {} is new: {} {}", said.host(), report.hypervisorType(), newId);
                return;
            }
            hosts.heard(tx, said.host(), report, said.startedAt(), said.at(), said.stopping());
            if (!told.contains(said.host())
                    || !inventories(known.report()).equals(inventories(report))
                    || !known.report().traits().equals(report.traits())) {
                report(tx, known.id(), report);
            }
        });
        told.add(said.host());
    }

    private void report(Tx tx, String providerId, ComputeNode.HostReport report) {
        Set<String> traits = new TreeSet<>(report.traits());
        traits.add("COMPUTE_NODE");
        placement.report(
                tx, new Placement.Provider(providerId, report.hypervisorHostname(), inventories(report), traits));
    }

    private Map<String, Placement.Inventory> inventories(ComputeNode.HostReport report) {
        Map<String, Placement.Inventory> inventories = new LinkedHashMap<>();
        int memory = report.memoryMiB();
        Ratio cpu = new Ratio(config.cpuAllocationRatio(), config.initialCpuAllocationRatio());
        Ratio ram = new Ratio(config.ramAllocationRatio(), config.initialRamAllocationRatio());
        Ratio disk = new Ratio(config.diskAllocationRatio(), config.initialDiskAllocationRatio());
        put(inventories, "VCPU", report.vcpus(), config.reservedHostCpus(), cpu);
        put(inventories, "MEMORY_MB", memory, Math.min(config.reservedHostMemoryMib(), memory / 8), ram);
        put(inventories, "DISK_GB", report.diskGiB(), config.reservedHostDiskGib(), disk);
        return inventories;
    }

    /** @param fixed null when the operator may set it in placement */
    private record Ratio(@Nullable Double fixed, double initial) {}

    private static void put(
            Map<String, Placement.Inventory> into, String resource, int total, int reserved, Ratio ratio) {
        if (total > 0) {
            into.put(
                    resource,
                    new Placement.Inventory(
                            total,
                            Math.min(reserved, total),
                            1,
                            total,
                            1,
                            ratio.fixed() == null ? ratio.initial() : ratio.fixed(),
                            ratio.fixed() == null));
        }
    }

    /** Every host in the default zone, for a cloud without aggregates. */
    public static Zones oneZone() {
        return (tx, names) -> {
            Map<String, String> zones = new HashMap<>();
            names.forEach(name -> zones.put(name, HostStore.DEFAULT_ZONE));
            return zones;
        };
    }
}
