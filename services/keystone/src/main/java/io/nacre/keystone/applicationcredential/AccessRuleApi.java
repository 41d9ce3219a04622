package io.nacre.keystone.applicationcredential;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.applicationcredential.ApplicationCredential.AccessRule;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Filter;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "Application credentials", access rules. */
public final class AccessRuleApi {
    private static final String READ = "(role:reader and system_scope:all) or user_id:%(target.user.id)s";
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_access_rules", READ);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_access_rule", READ);
    private static final PolicyRule DELETE = KeystonePolicy.cloud(
            "delete_access_rule", "(role:admin and system_scope:all) or user_id:%(target.user.id)s");

    private final Transactions transactions;
    private final ApplicationCredentialStore credentials;

    public AccessRuleApi(Transactions transactions, ApplicationCredentialStore credentials) {
        this.transactions = transactions;
        this.credentials = credentials;
    }

    public List<Route> routes() {
        String all = "/v3/users/{user_id}/access_rules";
        String one = all + "/{access_rule_id}";
        return List.of(
                Route.get(all).policy(LIST, AccessRuleApi::target).to(this::list),
                Route.get(one).policy(GET, AccessRuleApi::target).to(this::show),
                Route.delete(one).policy(DELETE, AccessRuleApi::target).to(this::delete));
    }

    private static Map<String, @Nullable Object> target(Request request) {
        return Map.of("target.user.id", request.param("user_id"));
    }

    private static Map<String, @Nullable Object> show(Request request, AccessRule rule) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", rule.id());
        shown.put("service", rule.service());
        shown.put("path", rule.path());
        shown.put("method", rule.method());
        return Envelope.linked(request, shown, "/users/" + request.param("user_id") + "/access_rules/" + rule.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "service", "path", "method");
        return Envelope.collection(
                request,
                "access_rules",
                transactions.read(tx -> credentials.rules(tx, request.param("user_id"), filters)),
                AccessRuleApi::show);
    }

    private AccessRule require(Request request) {
        return transactions
                .read(tx -> credentials.findRule(tx, request.param("user_id"), request.param("access_rule_id")))
                .orElseThrow(
                        () -> Fault.notFound("Could not find Access Rule: " + request.param("access_rule_id") + "."));
    }

    private Response show(Request request) {
        return Envelope.member(200, "access_rule", show(request, require(request)));
    }

    private Response delete(Request request) {
        AccessRule rule = require(request);
        transactions.run(tx -> credentials.deleteRule(tx, request.param("user_id"), rule.id()));
        return Response.empty(204);
    }
}
