package io.nacre.nova.securitygroup;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.SecurityGroups;
import io.nacre.contracts.peer.SecurityGroups.Group;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Shapes;
import io.nacre.policy.PolicyRule;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** API reference "Security groups", for microversions up to 2.35; later ones find no such resource. */
public final class SecurityGroupApi {
    static final int LAST = 35;

    private static final PolicyRule INDEX = NovaPolicy.reader("os-security-groups:get");
    private static final PolicyRule SHOW = NovaPolicy.reader("os-security-groups:show");
    private static final PolicyRule CREATE = NovaPolicy.member("os-security-groups:create");
    private static final PolicyRule UPDATE = NovaPolicy.member("os-security-groups:update");
    private static final PolicyRule DELETE = NovaPolicy.member("os-security-groups:delete");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}");

    private static final String TEXT = "{\"type\": \"string\", \"maxLength\": 255}";
    private static final Schema BODY = Schema.of(Shapes.envelope(
            "security_group",
            "\"name\", \"description\"",
            Shapes.member("name", TEXT) + ", " + Shapes.member("description", TEXT)));

    private final Transactions transactions;
    private final SecurityGroups groups;

    public SecurityGroupApi(Transactions transactions, SecurityGroups groups) {
        this.transactions = transactions;
        this.groups = groups;
    }

    public List<Route> routes() {
        String all = "/os-security-groups";
        String one = "/os-security-groups/{id}";
        return List.of(
                Route.get(all).policy(INDEX).until(LAST).to(this::list),
                Route.post(all).policy(CREATE).until(LAST).body(BODY).to(this::create),
                Route.get(one).policy(SHOW).until(LAST).to(this::show),
                Route.put(one).policy(UPDATE).until(LAST).body(BODY).to(this::update),
                Route.delete(one).policy(DELETE).until(LAST).to(this::delete));
    }

    private Response list(Request request) {
        Integer offset = request.query().integer("offset", 0, Integer.MAX_VALUE);
        Integer limit = request.query().integer("limit", 0, Integer.MAX_VALUE);
        boolean everybody = request.caller().isAdmin() && request.query().has("all_tenants");
        String project = everybody ? null : request.caller().requireProject();
        List<Group> found = transactions.write(tx -> groups.list(tx, request.caller(), project));
        List<Group> page = found.stream()
                .skip(offset == null ? 0 : offset)
                .limit(limit == null ? Long.MAX_VALUE : limit)
                .toList();
        return Response.json(200, "security_groups", GroupView.all(page));
    }

    private Response show(Request request) {
        String id = id(request.param("id"));
        return shown(transactions.read(tx -> groups.require(tx, request.caller(), id)));
    }

    private Response create(Request request) {
        JsonNode body = request.json("security_group");
        return shown(changing(
                Fault.Kind.FORBIDDEN,
                tx -> groups.create(
                        tx,
                        request.caller(),
                        body.get("name").asString(),
                        body.get("description").asString())));
    }

    private Response update(Request request) {
        String id = id(request.param("id"));
        JsonNode body = request.json("security_group");
        return shown(changing(
                Fault.Kind.INVALID,
                tx -> groups.update(
                        tx,
                        request.caller(),
                        id,
                        body.get("name").asString(),
                        body.get("description").asString())));
    }

    private Response delete(Request request) {
        String id = id(request.param("id"));
        changing(Fault.Kind.INVALID, tx -> {
            groups.delete(tx, request.caller(), id);
            return id;
        });
        return Response.empty(202);
    }

    private static Response shown(Group group) {
        return Response.json(200, "security_group", GroupView.GROUP.show(group, 0));
    }

    /** This API has no word for a conflict: it tells of one as the original does. */
    private <T> T changing(Fault.Kind conflict, Function<Tx, T> work) {
        try {
            return transactions.write(work);
        } catch (FaultException e) {
            throw e.is(Fault.Kind.CONFLICT)
                    ? Fault.of(conflict, e.fault().code(), e.fault().message()).because(e)
                    : e;
        }
    }

    static String id(String text) {
        if (!UUID.matcher(text).matches()) {
            throw Fault.invalid("Security group id should be uuid");
        }
        return text;
    }
}
