package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.nova.Wire;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a listing of servers is asked for, put in order. Source: nova/api/openstack/compute/servers.py and the table
 * of exact and pattern filters in nova/db/main/api.py, 2024.1.
 *
 * @param owners column to value for whose servers are meant; empty for everybody's
 * @param exact column to the values that will do
 * @param patterns column to a regular expression that must be found in it
 * @param nothing true when the filter can match no server
 */
public record ServerFilters(
        Map<String, String> owners,
        Map<String, List<String>> exact,
        Map<String, String> patterns,
        Set<VmState> vmStates,
        Set<TaskState> taskStates,
        Tags tags,
        @Nullable Boolean deleted,
        @Nullable Boolean locked,
        @Nullable Instant changesSince,
        @Nullable Instant changesBefore,
        @Nullable String ip,
        @Nullable String ip6,
        boolean nothing) {

    /** Each a list of tags, empty for no condition. */
    public record Tags(List<String> all, List<String> any, List<String> notAll, List<String> notAny) {}

    private static final Set<String> NO_FILTERS = Set.of(
            "limit", "marker", "page_size", "offset", "sort_key", "sort_dir", "sort", "all_tenants", "soft_deleted");
    private static final Set<String> JOINED = Set.of(
            "block_device_mapping",
            "services",
            "metadata",
            "system_metadata",
            "info_cache",
            "security_groups",
            "pci_devices");
    private static final Map<String, String> EXACT = Map.of(
            "project_id", "project_id",
            "tenant_id", "project_id",
            "user_id", "user_id",
            "image", "image_id",
            "image_ref", "image_id",
            "flavor", "flavor_id",
            "uuid", "id",
            "host", "host",
            "power_state", "power_state",
            "node", "node");
    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("name", "name"),
            Map.entry("display_name", "name"),
            Map.entry("description", "description"),
            Map.entry("display_description", "description"),
            Map.entry("hostname", "hostname"),
            Map.entry("reservation_id", "reservation_id"),
            Map.entry("key_name", "key_name"),
            Map.entry("availability_zone", "zone"),
            Map.entry("access_ip_v4", "access_ip_v4"),
            Map.entry("access_ip_v6", "access_ip_v6"),
            Map.entry("launch_index", "launch_index"),
            Map.entry("locked_by", "locked_by"));

    /** What the query asks for and by whom, as far as it matters here. */
    public record Asked(Map<String, List<String>> query, int minor, boolean everyFilter, boolean allProjects) {
        @Nullable
        String get(String name) {
            List<String> values = query.get(name);
            return values == null ? null : values.getLast();
        }
    }

    /** @param owner column and value of whose servers are shown when not everybody's */
    public static ServerFilters of(Asked asked, Map.Entry<String, String> owner) {
        refuseUnknown(asked);
        Map<String, List<String>> exact = new HashMap<>();
        Map<String, String> patterns = new HashMap<>();
        asked.query().forEach((name, values) -> {
            if (allowed(asked, name)) {
                if (EXACT.containsKey(name) && (asked.allProjects() || !isProject(name))) {
                    exact.put(
                            EXACT.get(name),
                            values.stream().map(v -> coded(name, v)).toList());
                } else if (PATTERNS.containsKey(name)) {
                    patterns.put(PATTERNS.get(name), values.getLast());
                }
            }
        });
        Set<VmState> vmStates = EnumSet.noneOf(VmState.class);
        Set<TaskState> taskStates = EnumSet.noneOf(TaskState.class);
        boolean nothing = !states(asked, vmStates, taskStates);
        Boolean deleted = deleted(asked);
        if (vmStates.equals(EnumSet.of(VmState.DELETED))) {
            if (!asked.everyFilter()) {
                throw Fault.forbidden("Only administrators may list deleted instances");
            }
            vmStates.clear();
            deleted = true;
        }
        Instant since = Wire.moment("changes-since", asked.get("changes-since"));
        Instant before = asked.minor() >= 66 ? Wire.moment("changes-before", asked.get("changes-before")) : null;
        if (since != null && before != null && before.isBefore(since)) {
            throw Fault.invalid("The value of changes-since must be less than or equal to changes-before.");
        }
        return new ServerFilters(
                asked.allProjects() ? Map.of() : Map.of(owner.getKey(), owner.getValue()),
                exact,
                patterns,
                vmStates,
                taskStates,
                tags(asked),
                deleted,
                (allowed(asked, "locked") && asked.get("locked") != null) ? locked(asked) : null,
                since,
                before,
                asked.get("ip"),
                asked.minor() >= 5 ? asked.get("ip6") : null,
                nothing);
    }

    private static boolean isProject(String name) {
        return name.equals("project_id") || name.equals("tenant_id");
    }

    private static void refuseUnknown(Asked asked) {
        for (String name : asked.query().keySet()) {
            if (name.startsWith("_") || (JOINED.contains(name) && asked.everyFilter())) {
                throw Fault.invalid("Invalid filter field: " + name + ".");
            }
            boolean known = NO_FILTERS.contains(name)
                    || EXACT.containsKey(name)
                    || PATTERNS.containsKey(name)
                    || JOINED.contains(name)
                    || Set.of(
                                    "status",
                                    "changes-since",
                                    "changes-before",
                                    "deleted",
                                    "ip",
                                    "ip6",
                                    "tags",
                                    "tags-any",
                                    "not-tags",
                                    "not-tags-any",
                                    "locked",
                                    "vm_state",
                                    "task_state",
                                    "kernel_id",
                                    "ramdisk_id",
                                    "launched_at",
                                    "terminated_at",
                                    "created_at",
                                    "root_device_name",
                                    "config_drive",
                                    "auto_disk_config",
                                    "progress")
                            .contains(name);
            if (!known && asked.minor() >= 75) {
                throw Fault.invalid("Invalid query string parameters: Additional properties are not allowed ('" + name
                        + "' was unexpected)");
            }
        }
    }

    /** Which filters everybody may use, by version; the others are ignored unless the caller may use all. */
    private static boolean allowed(Asked asked, String name) {
        if (asked.everyFilter()) {
            return true;
        }
        return switch (name) {
            case "reservation_id", "name", "status", "image", "flavor", "ip", "changes-since" -> true;
            case "ip6" -> asked.minor() >= 5;
            case "tags", "tags-any", "not-tags", "not-tags-any" -> asked.minor() >= 26;
            case "changes-before" -> asked.minor() >= 66;
            case "locked" -> asked.minor() >= 73;
            case "availability_zone",
                    "config_drive",
                    "key_name",
                    "created_at",
                    "launched_at",
                    "terminated_at",
                    "power_state",
                    "task_state",
                    "vm_state",
                    "progress",
                    "user_id" -> asked.minor() >= 83;
            case "hostname" -> asked.minor() >= 90;
            default -> false;
        };
    }

    /** The original keeps power states as numbers, Nacre by name. */
    private static String coded(String name, String value) {
        return name.equals("power_state") ? PowerCodes.name(value) : value;
    }

    /** False when the states asked for are no states at all. */
    private static boolean states(Asked asked, Set<VmState> vmStates, Set<TaskState> taskStates) {
        List<String> statuses = asked.query().get("status");
        if (statuses != null) {
            boolean usual = false;
            for (String status : statuses) {
                String wanted = status.toUpperCase(Locale.ROOT);
                for (VmState state : VmState.values()) {
                    if (state.status().equals(wanted)) {
                        vmStates.add(state);
                        usual = true;
                    }
                    for (TaskState task : TaskState.values()) {
                        if (task.status(state).equals(wanted) && !state.status().equals(wanted)) {
                            vmStates.add(state);
                            taskStates.add(task);
                        }
                    }
                }
            }
            if (usual) {
                taskStates.clear();
            }
            if (vmStates.isEmpty()) {
                if (asked.minor() >= 38) {
                    throw Fault.invalid("Invalid status value");
                }
                return false;
            }
        }
        return named(asked, "vm_state", VmState.values(), vmStates, VmState::wire)
                && named(asked, "task_state", TaskState.values(), taskStates, TaskState::wire);
    }

    private static <T> boolean named(
            Asked asked, String filter, T[] all, Set<T> into, java.util.function.Function<T, String> wire) {
        List<String> values = asked.query().get(filter);
        if (values == null || !allowed(asked, filter)) {
            return true;
        }
        for (T one : all) {
            if (values.contains(wire.apply(one))) {
                into.add(one);
            }
        }
        return !into.isEmpty();
    }

    private static @Nullable Boolean deleted(Asked asked) {
        String wanted = asked.everyFilter() ? asked.get("deleted") : null;
        if (wanted != null) {
            return Wire.isTrue(wanted);
        }
        boolean changes =
                asked.get("changes-since") != null || (asked.minor() >= 66 && asked.get("changes-before") != null);
        return changes ? null : Boolean.FALSE;
    }

    private static boolean locked(Asked asked) {
        String text = String.valueOf(asked.get("locked"));
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "1", "true", "t", "yes", "y", "on" -> true;
            case "0", "false", "f", "no", "n", "off" -> false;
            default -> throw Fault.invalid("Invalid filter field: locked.");
        };
    }

    private static Tags tags(Asked asked) {
        if (asked.minor() < 26) {
            return new Tags(List.of(), List.of(), List.of(), List.of());
        }
        return new Tags(
                words(asked, "tags"), words(asked, "tags-any"), words(asked, "not-tags"), words(asked, "not-tags-any"));
    }

    private static List<String> words(Asked asked, String name) {
        String text = asked.get(name);
        return text == null ? List.of() : new ArrayList<>(List.of(text.split(",")));
    }
}
