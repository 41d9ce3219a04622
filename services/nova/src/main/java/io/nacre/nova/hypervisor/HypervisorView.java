package io.nacre.nova.hypervisor;

import io.nacre.base.Json;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.http.View;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.Liveness;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerStore;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a hypervisor looks on the wire; since 2.88 what placement knows better is left out. */
final class HypervisorView {
    private static final int OBJECT_CPU_SINCE = 28;
    private static final int UUID_SINCE = 53;
    private static final int SLIM_SINCE = 88;

    /** A host with what its servers come to. */
    record Shown(ComputeHost host, ServerStore.Sum sum, List<Server> servers) {
        ComputeNode.HostReport report() {
            return host.report();
        }

        long usedRamMiB() {
            return sum.ramMiB() + report().memoryUsedMiB();
        }
    }

    private static final View<Shown> USAGE = new View<Shown>()
            .field("vcpus", s -> s.report().vcpus())
            .field("memory_mb", s -> s.report().memoryMiB())
            .field("local_gb", s -> s.report().diskGiB())
            .field("vcpus_used", s -> s.sum().vcpus())
            .field("memory_mb_used", Shown::usedRamMiB)
            .field("local_gb_used", s -> s.sum().diskGiB())
            .field("free_ram_mb", s -> s.report().memoryMiB() - s.usedRamMiB())
            .field("free_disk_gb", s -> s.report().diskGiB() - s.sum().diskGiB())
            .field("current_workload", s -> busy(s.servers()))
            .field("running_vms", s -> s.sum().servers())
            .field("disk_available_least", s -> s.report().diskFreeGiB());

    private final Liveness liveness;

    HypervisorView(Liveness liveness) {
        this.liveness = liveness;
    }

    boolean isUp(ComputeHost host) {
        return liveness.isUp(host);
    }

    Map<String, @Nullable Object> show(Shown shown, int minor, boolean detail, boolean withServers) {
        ComputeHost host = shown.host();
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", minor >= UUID_SINCE ? host.id() : (Object) host.number());
        body.put("hypervisor_hostname", host.hypervisorHostname());
        body.put("state", isUp(host) ? "up" : "down");
        body.put("status", host.disabled() ? "disabled" : "enabled");
        if (detail) {
            body.put("hypervisor_type", host.report().hypervisorType());
            body.put("hypervisor_version", host.report().hypervisorVersion());
            body.put("host_ip", host.report().hostIp());
            Map<String, @Nullable Object> service = new LinkedHashMap<>();
            service.put("id", minor >= UUID_SINCE ? host.serviceId() : (Object) host.number());
            service.put("host", host.host());
            service.put("disabled_reason", host.disabledReason());
            body.put("service", service);
            if (minor < SLIM_SINCE) {
                Map<String, Object> cpu = host.report().cpu();
                body.put("cpu_info", minor >= OBJECT_CPU_SINCE ? cpu : Json.write(cpu));
                body.putAll(USAGE.show(shown));
            } else {
                body.put("uptime", isUp(host) ? uptime(host) : null);
            }
        }
        boolean listed = minor < UUID_SINCE
                ? withServers
                : withServers && !shown.servers().isEmpty();
        if (listed) {
            body.put(
                    "servers",
                    shown.servers().stream()
                            .map(server -> Map.of("uuid", server.id(), "name", server.instanceName()))
                            .toList());
        }
        return body;
    }

    /** All hypervisors taken together. */
    Map<String, Long> sum(List<Shown> all) {
        Map<String, Long> sums = new LinkedHashMap<>();
        sums.put("count", (long) all.size());
        for (String name : List.of(
                "vcpus",
                "memory_mb",
                "local_gb",
                "vcpus_used",
                "memory_mb_used",
                "local_gb_used",
                "free_ram_mb",
                "free_disk_gb",
                "current_workload",
                "running_vms",
                "disk_available_least")) {
            sums.put(name, 0L);
        }
        for (Shown shown : all) {
            USAGE.show(shown).forEach((name, value) -> {
                if (value instanceof Number number) {
                    sums.merge(name, number.longValue(), Long::sum);
                }
            });
        }
        return sums;
    }

    /** As the command uptime prints it. */
    String uptime(ComputeHost host) {
        Instant now = liveness.clock().instant();
        Duration up = Duration.between(host.report().bootedAt(), now);
        String time = DateTimeFormatter.ofPattern("HH:mm:ss").format(now.atOffset(ZoneOffset.UTC));
        return " %s up %d days, %d:%02d,  0 users,  load average: %s"
                .formatted(
                        time,
                        up.toDays(),
                        up.toHoursPart(),
                        up.toMinutesPart(),
                        host.report().loadAverages());
    }

    private static long busy(List<Server> servers) {
        return servers.stream().filter(server -> server.taskState() != null).count();
    }
}
