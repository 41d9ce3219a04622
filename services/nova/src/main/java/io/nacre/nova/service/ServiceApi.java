package io.nacre.nova.service;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Placement;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Shapes;
import io.nacre.nova.Wire;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.server.ServerStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Compute services". */
public final class ServiceApi {
    private static final PolicyRule LIST = NovaPolicy.admin("os-services:list");
    private static final PolicyRule UPDATE = NovaPolicy.admin("os-services:update");
    private static final PolicyRule DELETE = NovaPolicy.admin("os-services:delete");

    private static final int UUID_SINCE = 53;
    private static final String HOST =
            Shapes.member("host", "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 255}");
    private static final String BINARY =
            Shapes.member("binary", "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 255}");
    private static final String REASON =
            Shapes.member("disabled_reason", "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 255}");
    private static final Schema TOGGLE = body("\"host\", \"binary\"", HOST, BINARY);
    private static final Schema DISABLE_LOG = body("\"host\", \"binary\", \"disabled_reason\"", HOST, BINARY, REASON);
    private static final Schema FORCE_DOWN =
            body("\"host\", \"binary\"", HOST, BINARY, Shapes.member("forced_down", Shapes.BOOLEAN));
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {
              "status": {"type": "string", "enum": ["enabled", "disabled"]}, %s, "forced_down": %s}}""".formatted(REASON, Shapes.BOOLEAN));

    private static final View<NovaService> VIEW = new View<NovaService>()
            .field("id", 0, UUID_SINCE - 1, NovaService::number)
            .field("id", UUID_SINCE, NovaService::id)
            .field("binary", NovaService::binary)
            .field("host", NovaService::host)
            .field("zone", NovaService::zone)
            .field("status", NovaService::status)
            .field("state", NovaService::state)
            .field("updated_at", service -> Wire.micros(service.updatedAt()))
            .field("disabled_reason", NovaService::disabledReason)
            .field("forced_down", 11, NovaService::forcedDown);

    private final Transactions transactions;
    private final Services services;
    private final HostStore hosts;
    private final ServerStore servers;
    private final Placement placement;
    private final InstantSource clock;

    public ServiceApi(
            Transactions transactions,
            Services services,
            HostStore hosts,
            ServerStore servers,
            Placement placement,
            InstantSource clock) {
        this.transactions = transactions;
        this.services = services;
        this.hosts = hosts;
        this.servers = servers;
        this.placement = placement;
        this.clock = clock;
    }

    private static Schema body(String required, String... members) {
        return Schema.of("""
                {"type": "object", "required": [%s], "additionalProperties": false, "properties": {%s}}""".formatted(required, String.join(", ", members)));
    }

    public List<Route> routes() {
        int last = UUID_SINCE - 1;
        return List.of(
                Route.get("/os-services").policy(LIST).to(this::list),
                Route.put("/os-services/enable")
                        .policy(UPDATE)
                        .until(last)
                        .body(TOGGLE)
                        .to(r -> toggle(r, false)),
                Route.put("/os-services/disable")
                        .policy(UPDATE)
                        .until(last)
                        .body(TOGGLE)
                        .to(r -> toggle(r, true)),
                Route.put("/os-services/disable-log-reason")
                        .policy(UPDATE)
                        .until(last)
                        .body(DISABLE_LOG)
                        .to(r -> toggle(r, true)),
                Route.put("/os-services/force-down")
                        .policy(UPDATE)
                        .since(11)
                        .until(last)
                        .body(FORCE_DOWN)
                        .to(this::forceDown),
                Route.put("/os-services/{service_id}")
                        .policy(UPDATE)
                        .since(UUID_SINCE)
                        .body(CHANGE)
                        .to(this::update),
                Route.delete("/os-services/{service_id}").policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        String host = request.query().get("host");
        String binary = request.query().get("binary");
        List<NovaService> found = transactions.read(services::list).stream()
                .filter(service -> host == null || host.equals(service.host()))
                .filter(service -> binary == null || binary.equals(service.binary()))
                .toList();
        return Response.json(200, "services", VIEW.showAll(found, request.minor()));
    }

    private Response toggle(Request request, boolean disable) {
        JsonNode body = request.json();
        String reason = Wire.text(body, "disabled_reason");
        transactions.run(tx -> {
            ComputeHost host = named(tx, body);
            hosts.setDisabled(tx, host.host(), disable, reason, clock.instant());
        });
        Map<String, @Nullable Object> shown = new java.util.LinkedHashMap<>();
        shown.put("host", body.get("host").asString());
        shown.put("binary", body.get("binary").asString());
        shown.put("status", disable ? "disabled" : "enabled");
        if (reason != null) {
            shown.put("disabled_reason", reason);
        }
        return Response.json(200, "service", shown);
    }

    private Response forceDown(Request request) {
        JsonNode body = request.json();
        boolean down = body.has("forced_down") && Wire.isTrue(body.get("forced_down"));
        transactions.run(tx -> hosts.setForcedDown(tx, named(tx, body).host(), down, clock.instant()));
        return Response.json(
                200,
                "service",
                Map.of(
                        "host",
                        body.get("host").asString(),
                        "binary",
                        body.get("binary").asString(),
                        "forced_down",
                        down));
    }

    private ComputeHost named(Tx tx, JsonNode body) {
        String name = body.get("host").asString();
        if (!body.get("binary").asString().equals(NovaService.COMPUTE)) {
            throw Fault.notFound("Could not find binary " + body.get("binary").asString() + " on host " + name + ".");
        }
        return hosts.find(tx, name).orElseThrow(() -> Fault.notFound("Compute host " + name + " could not be found."));
    }

    private Response update(Request request) {
        JsonNode body = request.json();
        String status = Wire.text(body, "status");
        String reason = Wire.text(body, "disabled_reason");
        if (reason != null && !"disabled".equals(status)) {
            throw Fault.invalid("Specifying disabled_reason requires that status is \"disabled\".");
        }
        NovaService changed = transactions.write(tx -> {
            NovaService service = require(tx, request);
            if (!service.binary().equals(NovaService.COMPUTE)) {
                throw Fault.invalid("Updating a " + service.binary()
                        + " service is not supported. Only nova-compute services can be updated.");
            }
            if (status != null) {
                hosts.setDisabled(tx, service.host(), status.equals("disabled"), reason, clock.instant());
            }
            if (body.has("forced_down")) {
                hosts.setForcedDown(tx, service.host(), Wire.isTrue(body.get("forced_down")), clock.instant());
            }
            return require(tx, request);
        });
        return Response.json(200, "service", VIEW.show(changed, request.minor()));
    }

    /** Refused while the host has servers: they would belong to nobody. */
    private Response delete(Request request) {
        transactions.run(tx -> {
            NovaService service = require(tx, request);
            ComputeHost host = hosts.find(tx, service.host())
                    .orElseThrow(() -> Fault.invalid("A service of the controller cannot be deleted."));
            if (!servers.onHost(tx, host.host()).isEmpty()) {
                throw Fault.conflict("Unable to delete compute service that is hosting instances. Migrate or delete the"
                        + " instances first.");
            }
            placement.forget(tx, host.id());
            hosts.delete(tx, host.host());
        });
        return Response.empty(204);
    }

    private NovaService require(Tx tx, Request request) {
        String id = request.param("service_id");
        return services.list(tx).stream()
                .filter(service ->
                        id.equals(request.minor() >= UUID_SINCE ? service.id() : Long.toString(service.number())))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Service " + id + " could not be found."));
    }
}
