package io.nacre.nova;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.nova.flavor.Flavor;
import io.nacre.quota.Quotas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What nova counts, with the original's default limits, and how it words that something is used up. */
public final class NovaQuotas {
    public static final String METADATA_ITEMS = "metadata_items";
    public static final String KEY_PAIRS = "key_pairs";
    /** What nova-network once gave out: limits that can be set, and bind nobody. */
    public static final List<String> OF_NETWORKS =
            List.of("fixed_ips", "floating_ips", "security_groups", "security_group_rules");

    private final Quotas quotas;

    /** @param configured limits that stand in place of the original's */
    public NovaQuotas(Map<String, Integer> configured) {
        Map<String, Long> limits = defaults();
        configured.forEach((resource, limit) -> limits.put(resource, (long) limit));
        OF_NETWORKS.forEach(resource -> limits.put(resource, Quotas.UNLIMITED));
        this.quotas = new Quotas("nova", limits);
    }

    /** Refuses what a settings file may not say; IllegalArgumentException names the resource. */
    static void check(Map<String, Integer> configured) {
        configured.forEach((resource, limit) -> {
            if (!defaults().containsKey(resource) || limit < -1) {
                throw new IllegalArgumentException("quotas: " + resource + " = " + limit + ": known are "
                        + defaults().keySet() + ", with -1 for no limit");
            }
        });
    }

    private static Map<String, Long> defaults() {
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put("instances", 10L);
        limits.put("cores", 20L);
        limits.put("ram", 51200L);
        limits.put(METADATA_ITEMS, 128L);
        limits.put("injected_files", 5L);
        limits.put("injected_file_content_bytes", 10240L);
        limits.put("injected_file_path_bytes", 255L);
        limits.put(KEY_PAIRS, 100L);
        limits.put("server_groups", 10L);
        limits.put("server_group_members", 10L);
        return limits;
    }

    /** The limits and counts themselves, for those who show or change them. */
    public Quotas quotas() {
        return quotas;
    }

    /** Takes what so many servers need; faults with QUOTA_EXCEEDED when that is too much. */
    public void reserve(Tx tx, String projectId, Flavor flavor, int servers) {
        try {
            quotas.reserve(tx, projectId, amounts(flavor, servers));
        } catch (FaultException e) {
            throw worded(e);
        }
    }

    /** Gives back what a server needed. */
    public void release(Tx tx, String projectId, Flavor flavor) {
        quotas.release(tx, projectId, amounts(flavor, 1));
    }

    /** Faults with QUOTA_EXCEEDED when a server may not have so many metadata items. */
    public void requireMetadata(Tx tx, String projectId, int items) {
        try {
            quotas.check(tx, projectId, METADATA_ITEMS, 0, items);
        } catch (FaultException e) {
            Object limit = e.fault().details().get("limit");
            throw e.is(Fault.Kind.QUOTA_EXCEEDED)
                    ? Fault.quotaExceeded("Maximum number of metadata items exceeds " + limit)
                            .because(e)
                    : e;
        }
    }

    private static Map<String, Long> amounts(Flavor flavor, int servers) {
        return Map.of(
                "instances", (long) servers,
                "cores", (long) servers * flavor.vcpus(),
                "ram", (long) servers * flavor.ramMiB());
    }

    private static FaultException worded(FaultException e) {
        if (!(e.fault().details().get("exceeded") instanceof List<?> exceeded)) {
            return e;
        }
        List<String> names = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        List<String> used = new ArrayList<>();
        List<String> limits = new ArrayList<>();
        for (Object one : exceeded) {
            if (one instanceof Map<?, ?> details) {
                names.add(String.valueOf(details.get("resource")));
                wanted.add(String.valueOf(details.get("requested")));
                used.add(String.valueOf(details.get("used")));
                limits.add(String.valueOf(details.get("limit")));
            }
        }
        String resources = String.join(", ", names);
        return Fault.quotaExceeded("Quota exceeded for " + resources + ": Requested " + String.join(", ", wanted)
                        + ", but already used " + String.join(", ", used) + " of " + String.join(", ", limits) + " "
                        + resources)
                .because(e);
    }
}
