package io.nacre.nova.quotaset;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.NovaQuotas;
import io.nacre.policy.PolicyRule;
import io.nacre.quota.Quotas;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** API reference "Limits": the limits and counts of the caller's project under other names. */
public final class LimitApi {
    private static final PolicyRule SHOW = NovaPolicy.any("limits");
    private static final PolicyRule OTHER = NovaPolicy.admin("limits:other_project");
    private static final int NO_IMAGES_SINCE = 39;
    private static final int STRICT_SINCE = 75;

    private final Transactions transactions;
    private final Quotas quotas;

    public LimitApi(Transactions transactions, NovaQuotas quotas) {
        this.transactions = transactions;
        this.quotas = quotas.quotas();
    }

    public List<Route> routes() {
        return List.of(Route.get("/limits").policy(SHOW).to(this::show));
    }

    /** Rules that are asked for beside those of the routes. */
    public static List<PolicyRule> rules() {
        return List.of(OTHER);
    }

    private Response show(Request request) {
        if (request.minor() >= STRICT_SINCE) {
            request.query().allow(Set.of("tenant_id"));
        }
        String wanted = request.query().get("tenant_id");
        String project = wanted == null ? request.caller().requireProject() : wanted;
        if (wanted != null) {
            request.enforce(OTHER, Map.of("project_id", wanted));
        }
        Map<String, Quotas.Usage> usage = transactions.read(tx -> quotas.usage(tx, project));
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("rate", List.of());
        limits.put("absolute", absolute(usage, request.minor()));
        return Response.json(200, "limits", limits);
    }

    private static Map<String, Long> absolute(Map<String, Quotas.Usage> usage, int minor) {
        Map<String, Long> shown = new LinkedHashMap<>();
        shown.put("maxTotalInstances", limit(usage, "instances"));
        shown.put("maxTotalCores", limit(usage, "cores"));
        shown.put("maxTotalRAMSize", limit(usage, "ram"));
        shown.put("maxServerMeta", limit(usage, NovaQuotas.METADATA_ITEMS));
        shown.put("maxTotalKeypairs", limit(usage, NovaQuotas.KEY_PAIRS));
        shown.put("maxServerGroups", limit(usage, "server_groups"));
        shown.put("maxServerGroupMembers", limit(usage, "server_group_members"));
        if (minor < NO_IMAGES_SINCE) {
            shown.put("maxImageMeta", limit(usage, NovaQuotas.METADATA_ITEMS));
        }
        if (minor < QuotaApi.NO_FILES_SINCE) {
            shown.put("maxPersonality", limit(usage, "injected_files"));
            shown.put("maxPersonalitySize", limit(usage, "injected_file_content_bytes"));
        }
        shown.put("totalInstancesUsed", used(usage, "instances"));
        shown.put("totalCoresUsed", used(usage, "cores"));
        shown.put("totalRAMUsed", used(usage, "ram"));
        shown.put("totalServerGroupsUsed", used(usage, "server_groups"));
        if (minor < QuotaApi.NO_NETWORKS_SINCE) {
            shown.put("maxTotalFloatingIps", limit(usage, "floating_ips"));
            shown.put("maxSecurityGroups", limit(usage, "security_groups"));
            shown.put("maxSecurityGroupRules", limit(usage, "security_group_rules"));
            shown.put("totalFloatingIpsUsed", used(usage, "floating_ips"));
            shown.put("totalSecurityGroupsUsed", used(usage, "security_groups"));
        }
        return shown;
    }

    private static long limit(Map<String, Quotas.Usage> usage, String resource) {
        Quotas.Usage one = usage.get(resource);
        return one == null ? -1 : one.limit();
    }

    private static long used(Map<String, Quotas.Usage> usage, String resource) {
        Quotas.Usage one = usage.get(resource);
        return one == null ? 0 : one.used();
    }
}
