package io.nacre.nova.server;

import io.nacre.contracts.peer.Networks;
import io.nacre.http.Request;
import io.nacre.http.View;
import io.nacre.nova.Links;
import io.nacre.nova.Wire;
import io.nacre.nova.flavor.Flavor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How a server looks on the wire, by version (nova/api/openstack/compute/views/servers.py, 2024.1). */
final class ServerView {
    private static final Set<String> WITH_PROGRESS =
            Set.of("ACTIVE", "BUILD", "REBUILD", "RESIZE", "VERIFY_RESIZE", "MIGRATING");
    private static final Set<String> WITH_FAULT = Set.of("ERROR", "DELETED");

    /** What belongs to a server but not to its row. */
    record Around(
            List<Networks.Port> ports,
            List<String> tags,
            @Nullable String hostStatus,
            List<String> groups) {}

    /** What the caller may see, decided once for a request. */
    record Sight(boolean extended, boolean extraSpecs, boolean hostStatus, boolean details) {}

    /** A server with all that its view needs. */
    record Shown(Server server, Around around, Sight sight, Request request) {}

    private static final View<Shown> BASE = new View<Shown>()
            .field("id", s -> s.server().id())
            .field("name", s -> s.server().name())
            .field("status", s -> s.server().status())
            .field("tenant_id", s -> s.server().projectId())
            .field("user_id", s -> s.server().userId())
            .field("metadata", s -> s.server().metadata())
            .field("hostId", s -> Wire.hostId(s.server().projectId(), s.server().host()))
            .field("image", ServerView::image)
            .field("flavor", 0, 46, ServerView::flavorLink)
            .field("flavor", 47, ServerView::flavor)
            .field("created", s -> Wire.seconds(s.server().createdAt()))
            .field("updated", s -> Wire.seconds(s.server().updatedAt()))
            .field("addresses", ServerView::addresses)
            .field("accessIPv4", s -> orEmpty(s.server().wishes().accessIpV4()))
            .field("accessIPv6", s -> orEmpty(s.server().wishes().accessIpV6()))
            .field("links", s -> Links.of(s.request(), "servers", s.server().id()))
            .field("OS-DCF:diskConfig", s -> s.server().wishes().autoDiskConfig() ? "AUTO" : "MANUAL");

    private static final View<Shown> MORE = new View<Shown>()
            .field("OS-EXT-AZ:availability_zone", s -> zone(s.server()))
            .field("config_drive", s -> s.server().login().configDrive() ? "True" : "")
            .field("key_name", s -> s.server().login().keyName())
            .field("OS-SRV-USG:launched_at", s -> Wire.micros(s.server().launchedAt()))
            .field("OS-SRV-USG:terminated_at", s -> Wire.micros(s.server().terminatedAt()))
            .field(
                    "OS-EXT-STS:task_state",
                    s -> s.server().taskState() == null
                            ? null
                            : s.server().taskState().wire())
            .field("OS-EXT-STS:vm_state", s -> vmState(s.server()))
            .field("OS-EXT-STS:power_state", s -> PowerCodes.of(s.server().powerState()))
            .field("os-extended-volumes:volumes_attached", s -> List.of())
            .field("locked", 9, s -> s.server().lock() != null)
            .field("description", 19, s -> s.server().description())
            .field("tags", 26, s -> s.around().tags())
            .field("trusted_image_certificates", 63, s -> null)
            .field(
                    "locked_reason",
                    73,
                    s -> s.server().lock() == null ? null : s.server().lock().reason())
            .field("OS-EXT-SRV-ATTR:hostname", 90, s -> s.server().hostname())
            .field("pinned_availability_zone", 96, s -> s.server().wishes().zone());

    /** For operators. */
    private static final View<Shown> EXTENDED = new View<Shown>()
            .field("OS-EXT-SRV-ATTR:host", s -> s.server().host())
            .field("OS-EXT-SRV-ATTR:instance_name", s -> s.server().instanceName())
            .field(
                    "OS-EXT-SRV-ATTR:hypervisor_hostname",
                    s -> s.server().place() == null ? null : s.server().place().node())
            .field("OS-EXT-SRV-ATTR:hostname", 3, s -> s.server().hostname())
            .field("OS-EXT-SRV-ATTR:kernel_id", 3, s -> property(s.server(), "kernel_id"))
            .field("OS-EXT-SRV-ATTR:ramdisk_id", 3, s -> property(s.server(), "ramdisk_id"))
            .field("OS-EXT-SRV-ATTR:launch_index", 3, s -> s.server().launchIndex())
            .field("OS-EXT-SRV-ATTR:reservation_id", 3, s -> s.server().reservationId())
            .field("OS-EXT-SRV-ATTR:root_device_name", 3, s -> "/dev/vda")
            .field("OS-EXT-SRV-ATTR:user_data", 3, s -> s.server().login().userData());

    private ServerView() {}

    /** What a plain listing shows. */
    static Map<String, @Nullable Object> brief(Server server, Request request) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("id", server.id());
        body.put("name", server.name());
        body.put("links", Links.of(request, "servers", server.id()));
        return body;
    }

    /**
     * What an update answered before 2.75, when it left most out.
     *
     * @param group whether the server group is shown, which a listing never does
     */
    static Map<String, @Nullable Object> updated(Shown shown, boolean group) {
        int minor = shown.request().minor();
        if (minor >= 75) {
            return full(shown, group);
        }
        Map<String, @Nullable Object> body = base(shown);
        if (minor >= 9) {
            body.put("locked", shown.server().lock() != null);
        }
        if (minor >= 19) {
            body.put("description", shown.server().description());
        }
        if (minor >= 26) {
            body.put("tags", shown.around().tags());
        }
        if (minor >= 63) {
            body.put("trusted_image_certificates", null);
        }
        if (group && minor >= 71) {
            body.put("server_groups", shown.around().groups());
        }
        if (minor >= 73) {
            Server.Lock lock = shown.server().lock();
            body.put("locked_reason", lock == null ? null : lock.reason());
        }
        return body;
    }

    static Map<String, @Nullable Object> full(Shown shown, boolean group) {
        int minor = shown.request().minor();
        Map<String, @Nullable Object> body = base(shown);
        body.putAll(MORE.show(shown, minor));
        if (shown.sight().extended()) {
            body.putAll(EXTENDED.show(shown, minor));
        }
        String hostStatus = shown.around().hostStatus();
        if (minor >= 16 && shown.sight().hostStatus() && hostStatus != null) {
            body.put("host_status", hostStatus);
        }
        List<Map<String, String>> groups = securityGroups(shown.around().ports());
        if (!groups.isEmpty()) {
            body.put("security_groups", groups);
        }
        if (group && minor >= 71) {
            body.put("server_groups", shown.around().groups());
        }
        return body;
    }

    private static Map<String, @Nullable Object> base(Shown shown) {
        Server server = shown.server();
        Map<String, @Nullable Object> body = BASE.show(shown, shown.request().minor());
        String status = server.status();
        Server.Failure fault = server.fault();
        if (WITH_FAULT.contains(status) && fault != null) {
            body.put("fault", fault(fault, shown.sight().details()));
        }
        if (WITH_PROGRESS.contains(status)) {
            body.put("progress", 0);
        }
        return body;
    }

    private static Map<String, Object> fault(Server.Failure fault, boolean details) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("code", fault.code());
        shown.put("created", Wire.seconds(fault.createdAt()));
        shown.put("message", fault.message());
        if (fault.details() != null && (details || fault.code() != 500)) {
            shown.put("details", fault.details());
        }
        return shown;
    }

    /** By name, once for every port that has it. */
    private static List<Map<String, String>> securityGroups(List<Networks.Port> ports) {
        return ports.stream()
                .flatMap(port -> port.securityGroups().stream())
                .map(group -> Map.of("name", group.shown()))
                .toList();
    }

    private static Object image(Shown shown) {
        String id = shown.server().source().imageId();
        if (id == null) {
            return "";
        }
        return Map.of(
                "id",
                id,
                "links",
                List.of(Map.of("rel", "bookmark", "href", Links.bookmark(shown.request(), "images", id))));
    }

    private static Object flavorLink(Shown shown) {
        String id = shown.server().flavor().id();
        return Map.of(
                "id",
                id,
                "links",
                List.of(Map.of("rel", "bookmark", "href", Links.bookmark(shown.request(), "flavors", id))));
    }

    private static Object flavor(Shown shown) {
        Flavor flavor = shown.server().flavor();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("vcpus", flavor.vcpus());
        body.put("ram", flavor.ramMiB());
        body.put("disk", flavor.diskGiB());
        body.put("ephemeral", flavor.ephemeralGiB());
        body.put("swap", flavor.swapMiB());
        body.put("original_name", flavor.name());
        if (shown.sight().extraSpecs()) {
            body.put("extra_specs", flavor.extraSpecs());
        }
        return body;
    }

    /** Hidden while the server is built, as in the original. */
    private static Object addresses(Shown shown) {
        return shown.server().vmState() == VmState.BUILDING
                ? Map.of()
                : addresses(shown.around().ports(), true);
    }

    /** @param extended with the address's kind and MAC, which the listing of addresses leaves out */
    static Map<String, List<Map<String, Object>>> addresses(List<Networks.Port> ports, boolean extended) {
        Map<String, List<Map<String, Object>>> networks = new LinkedHashMap<>();
        for (Networks.Port port : ports) {
            List<Map<String, Object>> list = networks.computeIfAbsent(port.networkName(), n -> new ArrayList<>());
            for (Networks.Address address : port.addresses()) {
                Map<String, Object> shown = new LinkedHashMap<>();
                shown.put("version", address.version());
                shown.put("addr", address.address());
                if (extended) {
                    shown.put("OS-EXT-IPS:type", address.type());
                    shown.put("OS-EXT-IPS-MAC:mac_addr", port.mac());
                }
                list.add(shown);
            }
        }
        return networks;
    }

    private static String zone(Server server) {
        if (server.place() != null) {
            return server.place().zone();
        }
        return orEmpty(server.wishes().zone());
    }

    private static String vmState(Server server) {
        return server.isDeleted() ? VmState.DELETED.wire() : server.vmState().wire();
    }

    private static String property(Server server, String name) {
        return server.source().properties().getOrDefault(name, "");
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
