package io.nacre.nova.hypervisor;

import io.nacre.base.Json;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A host's hypervisor with what its servers use.
 *
 * @param servers null when they were not asked for
 */
record Hypervisor(
        ComputeHost host, ServerStore.Sum used, @Nullable List<Server> servers, Instant now) {

    ComputeNode.HostReport report() {
        return host.report();
    }

    String state() {
        return host.isUp(now) ? "up" : "down";
    }

    String status() {
        return host.disabled() ? "disabled" : "enabled";
    }

    String cpuText() {
        return Json.write(report().cpu());
    }

    long memoryUsed() {
        return used.ramMiB() + reservedMiB();
    }

    /** What the host keeps for itself, as the original's reserved_host_memory_mb. */
    private long reservedMiB() {
        return Math.min(512, report().memoryMiB());
    }

    Map<String, @Nullable Object> service(boolean byUuid) {
        Map<String, @Nullable Object> service = new LinkedHashMap<>();
        service.put("host", host.host());
        service.put("id", byUuid ? host.serviceId() : (Object) host.number());
        service.put("disabled_reason", host.disabledReason());
        return service;
    }

    /** As the command of that name prints it. */
    String uptime() {
        Duration up = Duration.between(report().bootedAt(), now);
        return " %tT up %d days, %d:%02d,  0 users,  load average: %s"
                .formatted(
                        java.time.LocalTime.ofInstant(now, java.time.ZoneOffset.UTC),
                        up.toDays(),
                        up.toHoursPart(),
                        up.toMinutesPart(),
                        report().loadAverages());
    }

    @Nullable
    List<Map<String, String>> serverRefs() {
        return (servers == null || servers.isEmpty())
                ? null
                : servers.stream()
                        .map(server -> Map.of("name", server.name(), "uuid", server.id()))
                        .toList();
    }
}
