package io.nacre.nova.aggregate;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Wire;
import io.nacre.nova.host.HostStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Host aggregates". */
public final class AggregateApi {
    private static final PolicyRule INDEX = NovaPolicy.admin("os-aggregates:index");
    private static final PolicyRule CREATE = NovaPolicy.admin("os-aggregates:create");
    private static final PolicyRule SHOW = NovaPolicy.admin("os-aggregates:show");
    private static final PolicyRule UPDATE = NovaPolicy.admin("os-aggregates:update");
    private static final PolicyRule DELETE = NovaPolicy.admin("os-aggregates:delete");
    private static final PolicyRule ADD_HOST = NovaPolicy.admin("os-aggregates:add_host");
    private static final PolicyRule REMOVE_HOST = NovaPolicy.admin("os-aggregates:remove_host");
    private static final PolicyRule SET_METADATA = NovaPolicy.admin("os-aggregates:set_metadata");

    private static final String NAMES = """
            "name": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "\\\\S"},
            "availability_zone": {"type": ["string", "null"], "minLength": 1, "maxLength": 255, "pattern": "^[^:]*$"}""";
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["aggregate"], "additionalProperties": false, "properties": {"aggregate":
              {"type": "object", "required": ["name"], "additionalProperties": false, "properties": {%s}}}}""".formatted(NAMES));
    private static final Schema CHANGE = Schema.of("""
            {"type": "object", "required": ["aggregate"], "additionalProperties": false, "properties": {"aggregate":
              {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {%s}}}}""".formatted(NAMES));
    private static final Schema ACTION = Schema.of("""
            {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": false, "properties": {
              "add_host": {"type": "object", "required": ["host"], "additionalProperties": false,
                           "properties": {"host": {"type": "string", "minLength": 1, "maxLength": 255}}},
              "remove_host": {"type": "object", "required": ["host"], "additionalProperties": false,
                              "properties": {"host": {"type": "string", "minLength": 1, "maxLength": 255}}},
              "set_metadata": {"type": "object", "required": ["metadata"], "additionalProperties": false,
                "properties": {"metadata": {"type": "object", "additionalProperties": false, "patternProperties": {
                  "^[a-zA-Z0-9-_:. ]{1,255}$": {"type": ["string", "null"], "maxLength": 255}}}}}}}""");
    /** A new one is answered without what it holds. */
    private static final View<Aggregate> CREATED = bare();

    private static final View<Aggregate> VIEW =
            bare().field("hosts", Aggregate::hosts).field("metadata", Aggregate::metadata);
    private static final String ONE = "/os-aggregates/{aggregate_id}";

    private final Transactions transactions;
    private final AggregateStore aggregates;
    private final HostStore hosts;
    private final Ids ids;
    private final InstantSource clock;

    public AggregateApi(
            Transactions transactions, AggregateStore aggregates, HostStore hosts, Ids ids, InstantSource clock) {
        this.transactions = transactions;
        this.aggregates = aggregates;
        this.hosts = hosts;
        this.ids = ids;
        this.clock = clock;
    }

    /** Rules that are asked in the handler of actions. */
    public static List<PolicyRule> rules() {
        return List.of(REMOVE_HOST, SET_METADATA);
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/os-aggregates").policy(INDEX).to(this::list),
                Route.post("/os-aggregates").policy(CREATE).body(NEW).to(this::create),
                Route.get(ONE).policy(SHOW).to(request -> answer(request, id(request), VIEW)),
                Route.put(ONE).policy(UPDATE).body(CHANGE).to(this::update),
                Route.delete(ONE).policy(DELETE).to(this::delete),
                Route.post(ONE + "/action").policy(ADD_HOST).body(ACTION).to(this::act));
    }

    private static View<Aggregate> bare() {
        return new View<Aggregate>()
                .field("id", Aggregate::id)
                .field("uuid", 41, Aggregate::uuid)
                .field("name", Aggregate::name)
                .field("availability_zone", Aggregate::zone)
                .field("created_at", aggregate -> Wire.micros(aggregate.createdAt()))
                .field("updated_at", aggregate -> Wire.micros(aggregate.updatedAt()))
                .field("deleted", aggregate -> false)
                .field("deleted_at", aggregate -> null);
    }

    private static String id(Request request) {
        return request.param("aggregate_id");
    }

    private Response list(Request request) {
        return Response.json(200, "aggregates", VIEW.showAll(transactions.read(aggregates::all), request.minor()));
    }

    private Response answer(Request request, String id, View<Aggregate> view) {
        Aggregate aggregate = transactions.read(tx -> aggregates.require(tx, id));
        return Response.json(200, "aggregate", view.show(aggregate, request.minor()));
    }

    private Response create(Request request) {
        JsonNode body = request.json("aggregate");
        Map<String, String> metadata = new TreeMap<>();
        String zone = Wire.text(body, Aggregate.ZONE);
        if (zone != null) {
            metadata.put(Aggregate.ZONE, zone);
        }
        long id = transactions.write(
                tx -> aggregates.create(tx, ids.uuid(), body.get("name").asString(), metadata, clock.instant()));
        return answer(request, Long.toString(id), CREATED);
    }

    private Response update(Request request) {
        JsonNode body = request.json("aggregate");
        transactions.run(tx -> {
            Aggregate before = aggregates.require(tx, id(request));
            Map<String, String> metadata = new TreeMap<>(before.metadata());
            if (body.has(Aggregate.ZONE)) {
                put(metadata, Aggregate.ZONE, Wire.text(body, Aggregate.ZONE));
            }
            String name = Objects.requireNonNullElse(Wire.text(body, "name"), before.name());
            aggregates.update(tx, before.id(), name, metadata, clock.instant());
        });
        return answer(request, id(request), VIEW);
    }

    private static void put(Map<String, String> metadata, String key, @Nullable String value) {
        if (value == null) {
            metadata.remove(key);
        } else {
            metadata.put(key, value);
        }
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Aggregate aggregate = aggregates.require(tx, id(request));
            if (!aggregate.hosts().isEmpty()) {
                throw Fault.invalid("Cannot remove host aggregate " + aggregate.id() + ": Host aggregate is not empty");
            }
            aggregates.delete(tx, aggregate.id());
        });
        return Response.empty(200);
    }

    private Response act(Request request) {
        Map.Entry<String, JsonNode> action =
                request.json().properties().iterator().next();
        transactions.run(tx -> {
            Aggregate aggregate = aggregates.require(tx, id(request));
            switch (action.getKey()) {
                case "add_host" ->
                    addHost(tx, aggregate, action.getValue().get("host").asString());
                case "remove_host" -> {
                    request.enforce(REMOVE_HOST, Map.of());
                    removeHost(tx, aggregate, action.getValue().get("host").asString());
                }
                default -> {
                    request.enforce(SET_METADATA, Map.of());
                    setMetadata(tx, aggregate, action.getValue().get("metadata"));
                }
            }
        });
        return answer(request, id(request), VIEW);
    }

    /** A host lies in one availability zone at the most. */
    private void addHost(Tx tx, Aggregate aggregate, String host) {
        if (hosts.find(tx, host).isEmpty()) {
            throw Fault.notFound("Compute host " + host + " could not be found.");
        }
        if (aggregate.hosts().contains(host)) {
            throw Fault.conflict("Aggregate " + aggregate.id() + " already has host " + host + ".");
        }
        for (Aggregate other : aggregates.all(tx)) {
            boolean clash = aggregate.zone() != null
                    && other.zone() != null
                    && !other.zone().equals(aggregate.zone());
            if (clash && other.hosts().contains(host)) {
                throw Fault.conflict("Cannot add host to aggregate " + aggregate.id() + ". Reason: Host " + host
                        + " is already in availability zone " + other.zone() + ".");
            }
        }
        aggregates.addHost(tx, aggregate.id(), host);
    }

    private void removeHost(Tx tx, Aggregate aggregate, String host) {
        if (!aggregate.hosts().contains(host)) {
            throw Fault.notFound("Aggregate " + aggregate.id() + " has no host " + host + ".");
        }
        aggregates.removeHost(tx, aggregate.id(), host);
    }

    private void setMetadata(Tx tx, Aggregate aggregate, JsonNode given) {
        Map<String, String> metadata = new TreeMap<>(aggregate.metadata());
        given.properties()
                .forEach(entry -> put(
                        metadata,
                        entry.getKey(),
                        entry.getValue().isNull() ? null : entry.getValue().asString()));
        aggregates.update(tx, aggregate.id(), aggregate.name(), metadata, clock.instant());
    }
}
