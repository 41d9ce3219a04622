package io.nacre.glance.metadef;

import io.nacre.base.Json;
import io.nacre.base.Packaged;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The namespaces that come with the program, those of 2024.1, in files beside this class. Each is made once and noted;
 * from then on it is the operator's to change or delete, and no start touches it again. One that somebody has made before
 * is left as it is.
 */
final class StandardDefinitions {
    private static final List<String> NAMES = List.of(
            "CIM::ProcessorAllocationSettingData",
            "CIM::ResourceAllocationSettingData",
            "CIM::StorageAllocationSettingData",
            "CIM::VirtualSystemSettingData",
            "OS::Cinder::Volumetype",
            "OS::Compute::AggregateDiskFilter",
            "OS::Compute::AggregateIoOpsFilter",
            "OS::Compute::AggregateNumInstancesFilter",
            "OS::Compute::CPUMode",
            "OS::Compute::CPUPinning",
            "OS::Compute::GuestMemoryBacking",
            "OS::Compute::GuestShutdownBehavior",
            "OS::Compute::HostCapabilities",
            "OS::Compute::Hypervisor",
            "OS::Compute::InstanceData",
            "OS::Compute::Libvirt",
            "OS::Compute::LibvirtImage",
            "OS::Compute::Quota",
            "OS::Compute::RandomNumberGenerator",
            "OS::Compute::TPM",
            "OS::Compute::VMware",
            "OS::Compute::VMwareFlavor",
            "OS::Compute::VMwareQuotaFlavor",
            "OS::Compute::VTPM",
            "OS::Compute::VirtCPUTopology",
            "OS::Compute::Watchdog",
            "OS::Compute::XenAPI",
            "OS::Glance::CommonImageProperties",
            "OS::Glance::Signatures",
            "OS::OperatingSystem",
            "OS::Software::DBMS",
            "OS::Software::Runtimes",
            "OS::Software::WebServers");

    private final Transactions transactions;
    private final NamespaceStore namespaces;
    private final NamespaceContent content;
    private final Clockwork clockwork;

    StandardDefinitions(
            Transactions transactions, NamespaceStore namespaces, NamespaceContent content, Clockwork clockwork) {
        this.transactions = transactions;
        this.namespaces = namespaces;
        this.content = content;
        this.clockwork = clockwork;
    }

    void load() {
        Set<String> before = transactions.read(namespaces::standard);
        Map<String, JsonNode> bodies = NAMES.stream()
                .filter(name -> !before.contains(name))
                .collect(Collectors.toMap(Function.identity(), StandardDefinitions::body));
        if (!bodies.isEmpty()) {
            transactions.run(tx -> load(tx, bodies));
        }
    }

    private void load(Tx tx, Map<String, JsonNode> bodies) {
        Set<String> missing = new TreeSet<>(bodies.keySet());
        // Another controller may have been faster.
        missing.removeAll(namespaces.standard(tx));
        if (missing.isEmpty()) {
            return;
        }
        namespaces.noteStandard(tx, missing);
        missing.removeAll(namespaces.taken(tx, missing));
        Map<Namespace, JsonNode> added = missing.stream()
                .map(name -> Objects.requireNonNull(bodies.get(name)))
                .collect(Collectors.toMap(body -> DefinitionFiles.namespace(body, clockwork), Function.identity()));
        namespaces.addAll(tx, added.keySet());
        content.add(tx, added);
    }

    /** All of them. */
    static List<JsonNode> bodies() {
        return NAMES.stream().map(StandardDefinitions::body).toList();
    }

    private static JsonNode body(String name) {
        return Json.read(Packaged.text(StandardDefinitions.class, name.replace("::", "_") + ".json"), JsonNode.class);
    }
}
