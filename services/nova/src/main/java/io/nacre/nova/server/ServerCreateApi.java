package io.nacre.nova.server;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** API reference "Servers": create. */
public final class ServerCreateApi {
    private static final PolicyRule CREATE = NovaPolicy.member("servers:create");
    private static final PolicyRule FORCED_HOST = NovaPolicy.admin("servers:create:forced_host");
    private static final PolicyRule REQUESTED =
            PolicyRule.of("compute:servers:create:requested_destination", Personas.ADMIN);
    private static final PolicyRule ZERO_DISK = NovaPolicy.admin("servers:create:zero_disk_flavor");

    private final Transactions transactions;
    private final ServerLaunch launch;
    private final Supplier<String> passwords;

    /** @param passwords makes an administrator's password for a server whose user names none */
    ServerCreateApi(Transactions transactions, ServerLaunch launch, Supplier<String> passwords) {
        this.transactions = transactions;
        this.launch = launch;
        this.passwords = passwords;
    }

    public List<Route> routes() {
        return ServerShapes.create("/servers", CREATE, this::create);
    }

    /** Rules that are asked for beside those of the routes. */
    public static List<PolicyRule> rules() {
        return List.of(FORCED_HOST, REQUESTED, ZERO_DISK);
    }

    private Response create(Request request) {
        NewServer wanted = NewServer.of(request.json(), request.minor(), passwords.get());
        Map<String, String> own = Map.of(
                "project_id", request.caller().requireProject(),
                "user_id", request.caller().requireUser());
        ServerLaunch.Destination destination = ServerLaunch.Destination.of(wanted);
        if (destination.forced()) {
            request.enforce(FORCED_HOST, own);
        }
        if (wanted.host() != null || wanted.node() != null) {
            request.enforce(REQUESTED, own);
        }
        boolean zeroDisk = request.allows(ZERO_DISK, own);
        List<Server> made;
        try {
            made = transactions.write(tx -> launch.launch(tx, request.caller(), wanted, destination, zeroDisk));
        } catch (FaultException e) {
            throw e.is(Fault.Kind.NOT_FOUND)
                    ? Fault.invalid(e.fault().message()).because(e)
                    : e;
        }
        Server first = made.getFirst();
        if (wanted.tellReservation()) {
            return Response.json(202, Map.of("reservation_id", first.reservationId()));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", first.id());
        body.put("links", Links.of(request, "servers", first.id()));
        body.put("OS-DCF:diskConfig", wanted.autoDiskConfig() ? "AUTO" : "MANUAL");
        List<String> groups = wanted.securityGroups().isEmpty() ? List.of("default") : wanted.securityGroups();
        body.put(
                "security_groups",
                groups.stream().map(name -> Map.of("name", name)).toList());
        body.put("adminPass", wanted.adminPass());
        return Response.json(202, "server", body).header("Location", Links.self(request, "servers", first.id()));
    }
}
