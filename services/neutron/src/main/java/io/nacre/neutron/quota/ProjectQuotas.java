package io.nacre.neutron.quota;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.quota.Quotas;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The quotas of the Networking service, counted one by one. */
public final class ProjectQuotas {
    /** neutron.conf's defaults, in the order in which the API lists them. */
    private static final List<Map.Entry<String, Long>> DEFAULTS = List.of(
            Map.entry("network", 100L),
            Map.entry("subnet", 100L),
            Map.entry("subnetpool", -1L),
            Map.entry("port", 500L),
            Map.entry("router", 10L),
            Map.entry("floatingip", 50L),
            Map.entry("rbac_policy", 10L),
            Map.entry("security_group", 10L),
            Map.entry("security_group_rule", 100L));

    private final Quotas quotas;

    /** @param configured limits that differ from neutron's own defaults */
    public ProjectQuotas(Map<String, Integer> configured) {
        Map<String, Long> limits = new LinkedHashMap<>();
        DEFAULTS.forEach(entry -> limits.put(entry.getKey(), entry.getValue()));
        configured.forEach((resource, limit) -> limits.put(resource, limit.longValue()));
        quotas = new Quotas("neutron", limits);
    }

    public Quotas quotas() {
        return quotas;
    }

    /** Counts one more; faults with QUOTA_EXCEEDED when that is too many. What belongs to nobody is not counted. */
    public void take(Tx tx, String project, String resource) {
        if (project.isEmpty()) {
            return;
        }
        try {
            quotas.reserve(tx, project, Map.of(resource, 1L));
        } catch (FaultException e) {
            if (e.is(Fault.Kind.QUOTA_EXCEEDED)) {
                throw Fault.of(
                                Fault.Kind.QUOTA_EXCEEDED,
                                "OverQuota",
                                "Quota exceeded for resources: ['" + resource + "'].")
                        .because(e);
            }
            throw e;
        }
    }

    public void give(Tx tx, String project, String resource) {
        if (!project.isEmpty()) {
            quotas.release(tx, project, Map.of(resource, 1L));
        }
    }
}
