package io.nacre.nova.service;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
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
import io.nacre.nova.availabilityzone.ZoneApi;
import io.nacre.nova.host.ComputeHost;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.host.Liveness;
import io.nacre.nova.host.Zones;
import io.nacre.nova.server.ServerStore;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Compute services". */
public final class ServiceApi {
    private static final PolicyRule LIST = NovaPolicy.admin("os-services:list");
    private static final PolicyRule UPDATE = NovaPolicy.admin("os-services:update");
    private static final PolicyRule DELETE = NovaPolicy.admin("os-services:delete");

    private static final int FORCE_SINCE = 11;
    private static final int UUID_SINCE = 53;
    private static final String COMPUTE = "nova-compute";

    private static final String REASON = "{\"type\": \"string\", \"minLength\": 1, \"maxLength\": 255}";
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "additionalProperties": false, "properties": {
              "status": {"enum": ["enabled", "disabled"]}, "disabled_reason": %s, "forced_down": %s}}""".formatted(REASON, Shapes.BOOLEAN));
    private static final Schema OLD = Schema.of("""
            {"type": "object", "required": ["host", "binary"], "additionalProperties": false, "properties": {
              "host": %s, "binary": {"type": "string", "minLength": 1, "maxLength": 255},
              "disabled_reason": %s, "forced_down": %s}}""".formatted(Shapes.FQDN, REASON, Shapes.BOOLEAN));

    /** A service on the wire, whether it stands for a host or for a part of the controller. */
    private record Shown(
            String id,
            long number,
            String binary,
            String host,
            String zone,
            boolean enabled,
            boolean up,
            Instant updatedAt,
            @Nullable String reason,
            boolean forcedDown) {}

    private static final View<Shown> VIEW = new View<Shown>()
            .field("id", 0, UUID_SINCE - 1, Shown::number)
            .field("id", UUID_SINCE, Shown::id)
            .field("binary", Shown::binary)
            .field("host", Shown::host)
            .field("zone", Shown::zone)
            .field("status", shown -> shown.enabled() ? "enabled" : "disabled")
            .field("state", shown -> shown.up() ? "up" : "down")
            .field("updated_at", shown -> Wire.micros(shown.updatedAt()))
            .field("disabled_reason", Shown::reason)
            .field("forced_down", FORCE_SINCE, Shown::forcedDown);

    private final Transactions transactions;
    private final HostStore hosts;
    private final ServerStore servers;
    private final Placement placement;
    private final Zones zones;
    private final InternalServiceStore internal;
    private final Liveness liveness;

    public ServiceApi(
            Transactions transactions,
            HostStore hosts,
            ServerStore servers,
            Placement placement,
            Zones zones,
            InternalServiceStore internal,
            Liveness liveness) {
        this.transactions = transactions;
        this.hosts = hosts;
        this.servers = servers;
        this.placement = placement;
        this.zones = zones;
        this.internal = internal;
        this.liveness = liveness;
    }

    public List<Route> routes() {
        int old = UUID_SINCE - 1;
        return List.of(
                Route.get("/os-services").policy(LIST).to(this::list),
                Route.put("/os-services/{id}")
                        .policy(UPDATE)
                        .since(UUID_SINCE)
                        .body(CHANGE)
                        .to(this::change),
                Route.put("/os-services/enable")
                        .policy(UPDATE)
                        .until(old)
                        .body(OLD)
                        .to(r -> switchOn(r, true, false)),
                Route.put("/os-services/disable")
                        .policy(UPDATE)
                        .until(old)
                        .body(OLD)
                        .to(r -> switchOn(r, false, false)),
                Route.put("/os-services/disable-log-reason")
                        .policy(UPDATE)
                        .until(old)
                        .body(OLD)
                        .to(r -> switchOn(r, false, true)),
                Route.put("/os-services/force-down")
                        .policy(UPDATE)
                        .since(FORCE_SINCE)
                        .until(old)
                        .body(OLD)
                        .to(this::forceDown),
                Route.delete("/os-services/{id}").policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        String host = request.query().get("host");
        String binary = request.query().get("binary");
        List<Shown> shown = transactions.read(tx -> Stream.concat(
                        internal.all(tx).stream().map(this::shown),
                        hosts.all(tx).stream().map(one -> shown(tx, one)))
                .sorted(Comparator.comparingLong(Shown::number))
                .toList());
        return Response.json(
                200,
                "services",
                shown.stream()
                        .filter(one -> host == null || host.equals(one.host()))
                        .filter(one -> binary == null || binary.equals(one.binary()))
                        .map(one -> VIEW.show(one, request.minor()))
                        .toList());
    }

    private Shown shown(InternalService one) {
        return new Shown(
                one.id(),
                one.number(),
                one.binary(),
                one.host(),
                ZoneApi.INTERNAL,
                true,
                one.isUp(liveness),
                one.seenAt(),
                null,
                false);
    }

    private Shown shown(Tx tx, ComputeHost host) {
        String zone = zones.of(tx, List.of(host.host())).getOrDefault(host.host(), HostStore.DEFAULT_ZONE);
        return new Shown(
                host.serviceId(),
                host.number(),
                COMPUTE,
                host.host(),
                zone,
                !host.disabled(),
                liveness.isUp(host),
                host.seenAt(),
                host.disabledReason(),
                host.forcedDown());
    }

    private Response change(Request request) {
        JsonNode body = request.json();
        String status = Wire.text(body, "status");
        String reason = Wire.text(body, "disabled_reason");
        if (body.isEmpty()) {
            throw Fault.invalid("No updates were requested. Fields 'status' or 'forced_down' should be specified.");
        }
        if (reason != null && !"disabled".equals(status)) {
            throw Fault.invalid("Specifying disabled_reason requires that status is disabled.");
        }
        Shown shown = transactions.write(tx -> {
            internal(tx, request).ifPresent(one -> {
                throw notCompute(one.binary());
            });
            ComputeHost host = byId(tx, request);
            Instant now = liveness.clock().instant();
            if (status != null) {
                hosts.setDisabled(tx, host.host(), status.equals("disabled"), reason, now);
            }
            if (body.has("forced_down")) {
                hosts.setForcedDown(tx, host.host(), Wire.isTrue(body.get("forced_down")), now);
            }
            return shown(tx, byId(tx, request));
        });
        return Response.json(200, "service", VIEW.show(shown, request.minor()));
    }

    private ComputeHost byId(Tx tx, Request request) {
        String id = request.param("id");
        boolean uuid = request.minor() >= UUID_SINCE;
        return hosts.all(tx).stream()
                .filter(host -> id.equals(uuid ? host.serviceId() : Long.toString(host.number())))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Service " + id + " could not be found."));
    }

    private Optional<InternalService> internal(Tx tx, Request request) {
        return internal.find(tx, request.param("id"), request.minor() < UUID_SINCE);
    }

    private static FaultException notCompute(String binary) {
        return Fault.invalid(
                "Updating a " + binary + " service is not supported. Only nova-compute services can be updated.");
    }

    private static FaultException missing(String host) {
        return Fault.notFound("Could not find binary " + COMPUTE + " on host " + host + ".");
    }

    private void requireKnown(Tx tx, String host) {
        if (hosts.find(tx, host).isEmpty()) {
            throw missing(host);
        }
    }

    private Response switchOn(Request request, boolean on, boolean withReason) {
        JsonNode body = request.json();
        String reason = Wire.text(body, "disabled_reason");
        if (withReason && reason == null) {
            throw Fault.invalid("Missing disabled reason field");
        }
        String host = ofCompute(body);
        transactions.run(tx -> {
            requireKnown(tx, host);
            hosts.setDisabled(
                    tx, host, !on, withReason ? reason : null, liveness.clock().instant());
        });
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("host", host);
        shown.put("binary", COMPUTE);
        shown.put("status", on ? "enabled" : "disabled");
        if (withReason && reason != null) {
            shown.put("disabled_reason", reason);
        }
        return Response.json(200, "service", shown);
    }

    private Response forceDown(Request request) {
        JsonNode body = request.json();
        boolean down = Wire.isTrue(body.get("forced_down"));
        String host = ofCompute(body);
        transactions.run(tx -> {
            requireKnown(tx, host);
            hosts.setForcedDown(tx, host, down, liveness.clock().instant());
        });
        return Response.json(200, "service", Map.of("host", host, "binary", COMPUTE, "forced_down", down));
    }

    private static String ofCompute(JsonNode body) {
        String host = body.get("host").asString();
        if (!body.get("binary").asString().equals(COMPUTE)) {
            throw notCompute(body.get("binary").asString());
        }
        return host;
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Optional<InternalService> part = internal(tx, request);
            if (part.isPresent()) {
                // A controller that is still there will say so again.
                internal.delete(tx, part.get().id());
                return;
            }
            ComputeHost host = byId(tx, request);
            if (!servers.onHost(tx, host.host()).isEmpty()) {
                throw Fault.conflict("Unable to delete compute service that is hosting instances. Migrate or delete the"
                        + " instances first.");
            }
            placement.forget(tx, host.id());
            hosts.delete(tx, host.host());
        });
        return Response.empty(204);
    }
}
