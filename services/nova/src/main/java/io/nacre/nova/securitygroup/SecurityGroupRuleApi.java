package io.nacre.nova.securitygroup;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.contracts.peer.SecurityGroups;
import io.nacre.contracts.peer.SecurityGroups.Ingress;
import io.nacre.contracts.peer.SecurityGroups.Rule;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Shapes;
import io.nacre.policy.PolicyRule;
import java.util.List;

/** API reference "Rules for security group", for microversions up to 2.35; only for incoming traffic. */
public final class SecurityGroupRuleApi {
    private static final PolicyRule CREATE = NovaPolicy.member("os-security-groups:rule:create");
    private static final PolicyRule DELETE = NovaPolicy.member("os-security-groups:rule:delete");

    private static final String TEXT = "{\"type\": [\"string\", \"null\"], \"maxLength\": 255}";
    private static final String PORT = "{\"type\": [\"integer\", \"string\", \"null\"], \"maxLength\": 11}";
    private static final Schema BODY = Schema.of(Shapes.envelope(
            "security_group_rule",
            "\"parent_group_id\"",
            String.join(
                    ", ",
                    Shapes.member("parent_group_id", "{\"type\": \"string\", \"maxLength\": 255}"),
                    Shapes.member("ip_protocol", TEXT),
                    Shapes.member("from_port", PORT),
                    Shapes.member("to_port", PORT),
                    Shapes.member("cidr", TEXT),
                    Shapes.member("group_id", TEXT))));

    private final Transactions transactions;
    private final SecurityGroups groups;

    public SecurityGroupRuleApi(Transactions transactions, SecurityGroups groups) {
        this.transactions = transactions;
        this.groups = groups;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/os-security-group-rules")
                        .policy(CREATE)
                        .until(SecurityGroupApi.LAST)
                        .body(BODY)
                        .to(this::create),
                Route.delete("/os-security-group-rules/{id}")
                        .policy(DELETE)
                        .until(SecurityGroupApi.LAST)
                        .to(this::delete));
    }

    private Response create(Request request) {
        String parent = SecurityGroupApi.id(
                request.json("security_group_rule").get("parent_group_id").asString());
        Rule made;
        try {
            made = transactions.write(tx -> {
                SecurityGroups.Group group = groups.require(tx, request.caller(), parent);
                Ingress wanted = RuleBody.parse(request.json("security_group_rule"), parent);
                if (group.rules().stream().anyMatch(rule -> RuleBody.isSame(rule, wanted))) {
                    throw Fault.invalid("This rule already exists in group " + parent);
                }
                if (wanted.remoteGroupId() != null) {
                    groups.require(tx, request.caller(), wanted.remoteGroupId());
                }
                return groups.createRule(tx, request.caller(), wanted);
            });
        } catch (FaultException e) {
            throw e.is(Fault.Kind.CONFLICT)
                    ? Fault.forbidden(e.fault().message()).because(e)
                    : e;
        }
        return Response.json(200, "security_group_rule", GroupView.RULE.show(made, 0));
    }

    private Response delete(Request request) {
        String id = SecurityGroupApi.id(request.param("id"));
        transactions.run(tx -> groups.deleteRule(tx, request.caller(), id));
        return Response.empty(202);
    }
}
