package io.nacre.neutron.quota;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** API reference "Quotas extension" and "Quotas details extension". */
public final class QuotaApi {
    private static final PolicyRule GET = PolicyRule.of("get_quota", NeutronPolicy.ADMIN);
    private static final PolicyRule GET_OWN = PolicyRule.of("get_quota_of_own_project", Personas.PROJECT_READER);
    private static final PolicyRule UPDATE = PolicyRule.of("update_quota", NeutronPolicy.ADMIN);
    private static final PolicyRule DELETE = PolicyRule.of("delete_quota", NeutronPolicy.ADMIN);

    private final Transactions transactions;
    private final ProjectQuotas quotas;

    public QuotaApi(Transactions transactions, ProjectQuotas quotas) {
        this.transactions = transactions;
        this.quotas = quotas;
    }

    public List<PolicyRule> rules() {
        return List.of(GET, GET_OWN, UPDATE, DELETE);
    }

    public List<Route> routes() {
        String one = "/v2.0/quotas/{project}";
        PolicyRule any = ResourceApi.ANYBODY;
        return List.of(
                Route.get("/v2.0/quotas").policy(GET).to(this::list),
                Route.get("/v2.0/quotas/tenant").policy(any).to(QuotaApi::own),
                Route.get("/v2.0/quotas/project").policy(any).to(QuotaApi::own),
                Route.get(one).policy(any).to(this::show),
                Route.get(one + "/default").policy(any).to(this::defaults),
                Route.get(one + "/details").policy(any).to(this::details),
                Route.get(one + "/details.json").policy(any).to(this::details),
                Route.put(one).policy(UPDATE).to(this::put),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static void requireReadable(Request request) {
        String project = request.param("project");
        Map<String, String> target = Map.of("project_id", project, "tenant_id", project);
        if (!request.allows(GET, target) && !request.allows(GET_OWN, target)) {
            throw Fault.of(
                    Fault.Kind.FORBIDDEN,
                    "AdminRequired",
                    "User does not have admin privileges: get_quota is admin-only.");
        }
    }

    private static Response own(Request request) {
        Caller caller = request.caller();
        return Response.json(200, "tenant", Map.of("tenant_id", caller.requireProject()));
    }

    private Response list(Request request) {
        List<Map<String, Object>> shown = new ArrayList<>();
        transactions.read(tx -> {
            for (String project : quotas.quotas().overridden(tx)) {
                Map<String, Object> one = new LinkedHashMap<>(quotas.quotas().limits(tx, project));
                one.put("project_id", project);
                one.put("tenant_id", project);
                shown.add(one);
            }
            return shown.size();
        });
        return Response.json(200, "quotas", shown);
    }

    private Response show(Request request) {
        requireReadable(request);
        return Response.json(
                200, "quota", transactions.read(tx -> quotas.quotas().limits(tx, request.param("project"))));
    }

    private Response defaults(Request request) {
        requireReadable(request);
        return Response.json(200, "quota", transactions.read(quotas.quotas()::defaults));
    }

    private Response details(Request request) {
        requireReadable(request);
        Map<String, Object> shown = new LinkedHashMap<>();
        transactions
                .read(tx -> quotas.quotas().usage(tx, request.param("project")))
                .forEach((resource, usage) -> {
                    Map<String, Object> one = new LinkedHashMap<>();
                    one.put("used", usage.used());
                    one.put("limit", usage.limit());
                    one.put("reserved", 0);
                    shown.put(resource, one);
                });
        return Response.json(200, "quota", shown);
    }

    private Response put(Request request) {
        String project = request.param("project");
        JsonNode body = request.json().path("quota");
        if (!body.isObject()) {
            throw NeutronFault.badRequest("Unable to find 'quota' in request body");
        }
        Map<String, Long> wanted = new LinkedHashMap<>();
        for (String resource : body.propertyNames()) {
            if (!quotas.quotas().resources().contains(resource)) {
                throw NeutronFault.badRequest("Unrecognized attribute(s) '" + resource + "'");
            }
            int limit = Checks.wholeNumber(body.get(resource));
            if (limit < -1) {
                throw NeutronFault.badRequest("Invalid input for " + resource + ". Reason: '" + limit
                        + "' is too small - must be at least '-1'.");
            }
            wanted.put(resource, (long) limit);
        }
        boolean checked = "true".equalsIgnoreCase(request.query().get("check_limit"));
        Map<String, Long> limits = transactions.write(tx -> {
            if (checked) {
                requireRoom(tx, project, wanted);
            }
            wanted.forEach((resource, limit) -> quotas.quotas().setLimit(tx, project, resource, limit));
            return quotas.quotas().limits(tx, project);
        });
        return Response.json(200, "quota", limits);
    }

    private void requireRoom(Tx tx, String project, Map<String, Long> wanted) {
        quotas.quotas().usage(tx, project).forEach((resource, usage) -> {
            Long limit = wanted.get(resource);
            if (limit != null && limit >= 0 && usage.used() > limit) {
                throw NeutronFault.conflict(
                        "InvalidQuotaValue",
                        "Change would make usage less than 0 for the following resources: ['" + resource + "'].");
            }
        });
    }

    private Response delete(Request request) {
        String project = request.param("project");
        transactions.run(tx -> {
            if (quotas.quotas().overrides(tx, project).isEmpty()) {
                throw NeutronFault.notFound(
                        "TenantQuotaNotFound", "Quota for tenant " + project + " could not be found.");
            }
            quotas.quotas().clearLimits(tx, project);
        });
        return Response.empty(204);
    }
}
