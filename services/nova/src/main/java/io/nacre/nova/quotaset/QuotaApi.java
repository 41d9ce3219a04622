package io.nacre.nova.quotaset;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.NovaQuotas;
import io.nacre.nova.Wire;
import io.nacre.policy.PolicyRule;
import io.nacre.quota.Quotas;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** API reference "Quota sets" and "Quota class sets". */
public final class QuotaApi {
    private static final PolicyRule SHOW = NovaPolicy.reader("os-quota-sets:show");
    private static final PolicyRule DEFAULTS = NovaPolicy.any("os-quota-sets:defaults");
    private static final PolicyRule DETAIL = NovaPolicy.reader("os-quota-sets:detail");
    private static final PolicyRule UPDATE = NovaPolicy.admin("os-quota-sets:update");
    private static final PolicyRule DELETE = NovaPolicy.admin("os-quota-sets:delete");
    private static final PolicyRule CLASS_SHOW = NovaPolicy.admin("os-quota-class-sets:show");
    private static final PolicyRule CLASS_UPDATE = NovaPolicy.admin("os-quota-class-sets:update");

    static final int NO_NETWORKS_SINCE = 36;
    static final int NO_FILES_SINCE = 57;
    /** From then on classes show what sets show since 2.36; before they know no server groups. */
    private static final int CLASS_LIKE_SET_SINCE = 50;

    private static final int LONGEST_CLASS = 255;

    private static final String LIMIT = """
            {"type": ["integer", "string"], "pattern": "^-?[0-9]{1,9}$", "minimum": -1, "maximum": 2147483647}""";
    private static final String FORCE = """
            "force": {"type": ["boolean", "string"]}""";

    private final Transactions transactions;
    private final Quotas quotas;

    public QuotaApi(Transactions transactions, NovaQuotas quotas) {
        this.transactions = transactions;
        this.quotas = quotas.quotas();
    }

    public List<Route> routes() {
        String one = "/os-quota-sets/{project}";
        String classes = "/os-quota-class-sets/{class}";
        String members = quotas.resources().stream()
                .map(resource -> "\"" + resource + "\": " + LIMIT)
                .collect(Collectors.joining(", "));
        Route.Target project = request -> Map.of("project_id", request.param("project"));
        return List.of(
                Route.get(one).policy(SHOW, project).to(this::show),
                Route.get(one + "/defaults").policy(DEFAULTS).to(this::defaults),
                Route.get(one + "/detail").policy(DETAIL, project).to(this::detail),
                Route.put(one)
                        .policy(UPDATE, project)
                        .body(schema("quota_set", members + ", " + FORCE))
                        .to(this::update),
                Route.delete(one).policy(DELETE, project).to(this::delete),
                Route.get(classes).policy(CLASS_SHOW).to(this::showClass),
                Route.put(classes)
                        .policy(CLASS_UPDATE)
                        .body(schema("quota_class_set", members))
                        .to(this::updateClass));
    }

    private static Schema schema(String envelope, String members) {
        return Schema.of("""
                {"type": "object", "required": ["%1$s"], "additionalProperties": false, "properties": {"%1$s":
                  {"type": "object", "additionalProperties": false, "properties": {%2$s}}}}""".formatted(envelope, members));
    }

    private static boolean isInSet(String resource, int minor) {
        return (minor < NO_NETWORKS_SINCE || !NovaQuotas.OF_NETWORKS.contains(resource))
                && (minor < NO_FILES_SINCE || !resource.startsWith("injected_"));
    }

    private static boolean isInClass(String resource, int minor) {
        return minor < CLASS_LIKE_SET_SINCE ? !resource.startsWith("server_group") : isInSet(resource, minor);
    }

    private static <T> Map<String, T> shown(Map<String, T> limits, Predicate<String> isShown) {
        Map<String, T> shown = new LinkedHashMap<>(limits);
        shown.keySet().removeIf(isShown.negate());
        return shown;
    }

    private static <T> Map<String, T> set(Request request, Map<String, T> limits) {
        return shown(limits, resource -> isInSet(resource, request.minor()));
    }

    private static Map<String, Long> quotaClass(Request request, Map<String, Long> limits) {
        return shown(limits, resource -> isInClass(resource, request.minor()));
    }

    private static Response answer(String envelope, String id, Map<String, ?> limits) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", id);
        body.putAll(limits);
        return Response.json(200, envelope, body);
    }

    private Response show(Request request) {
        String project = request.param("project");
        Map<String, Long> limits = transactions.read(tx -> quotas.limits(tx, project));
        return answer("quota_set", project, set(request, limits));
    }

    private Response defaults(Request request) {
        Map<String, Long> limits = transactions.read(quotas::defaults);
        return answer("quota_set", request.param("project"), set(request, limits));
    }

    private Response detail(Request request) {
        String project = request.param("project");
        Map<String, Quotas.Usage> usage = transactions.read(tx -> quotas.usage(tx, project));
        Map<String, Object> body = new LinkedHashMap<>();
        set(request, usage)
                .forEach((resource, one) ->
                        body.put(resource, Map.of("in_use", one.used(), "limit", one.limit(), "reserved", 0L)));
        return answer("quota_set", project, body);
    }

    private Response update(Request request) {
        String project = request.param("project");
        JsonNode body = request.json("quota_set");
        boolean force = Wire.isTrue(body.get("force"));
        Map<String, Long> limits = transactions.write(tx -> {
            Map<String, Quotas.Usage> usage = quotas.usage(tx, project);
            body.propertyNames().forEach(name -> {
                if (usage.containsKey(name)) {
                    long limit = Wire.number(body, name, -1);
                    requirePossible(name, limit, usage.get(name), force);
                    quotas.setLimit(tx, project, name, limit);
                }
            });
            return quotas.limits(tx, project);
        });
        return Response.json(200, "quota_set", set(request, limits));
    }

    private static void requirePossible(String name, long limit, Quotas.Usage usage, boolean force) {
        if (limit < -1) {
            throw Fault.invalid(
                    "Quota limit " + limit + " for " + name + " must be in the range of -1 and 2147483647.");
        }
        if (!force && limit >= 0 && limit < usage.used()) {
            throw Fault.invalid("Quota limit " + limit + " for " + name
                    + " must be greater than or equal to already used" + " and reserved " + usage.used() + ".");
        }
    }

    private Response delete(Request request) {
        transactions.run(tx -> quotas.clearLimits(tx, request.param("project")));
        return Response.empty(202);
    }

    private Response showClass(Request request) {
        String name = request.param("class");
        Map<String, Long> limits = transactions.read(tx -> quotas.classLimits(tx, name));
        return answer("quota_class_set", name, quotaClass(request, limits));
    }

    /** Any class may be set and is remembered; only that called default has an effect. */
    private Response updateClass(Request request) {
        String name = request.param("class");
        if (name.length() > LONGEST_CLASS) {
            throw Fault.invalid(
                    "quota_class_name has " + name.length() + " characters, more than " + LONGEST_CLASS + ".");
        }
        JsonNode body = request.json("quota_class_set");
        Map<String, Long> limits = transactions.write(tx -> {
            body.propertyNames()
                    .forEach(resource -> quotas.setClassLimit(tx, name, resource, Wire.number(body, resource, -1)));
            return quotas.classLimits(tx, name);
        });
        return Response.json(200, "quota_class_set", quotaClass(request, limits));
    }
}
