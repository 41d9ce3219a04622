package io.nacre.nova.flavor;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.nova.NovaPolicy;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Flavors extra-specs". */
public final class ExtraSpecApi {
    private static final PolicyRule LIST = NovaPolicy.reader("os-flavor-extra-specs:index");
    private static final PolicyRule SHOW = NovaPolicy.reader("os-flavor-extra-specs:show");
    private static final PolicyRule CREATE = NovaPolicy.admin("os-flavor-extra-specs:create");
    private static final PolicyRule UPDATE = NovaPolicy.admin("os-flavor-extra-specs:update");
    private static final PolicyRule DELETE = NovaPolicy.admin("os-flavor-extra-specs:delete");

    private static final String SPECS = """
            {"type": "object", "additionalProperties": false, %s"patternProperties": {
              "^[a-zA-Z0-9-_:. ]{1,255}$": {"type": ["string", "number"], "maxLength": 255}}}""";
    private static final Schema NEW = Schema.of("""
            {"type": "object", "required": ["extra_specs"], "additionalProperties": false,
             "properties": {"extra_specs": %s}}""".formatted(SPECS.formatted("")));
    private static final Schema ONE = Schema.of(SPECS.formatted("\"minProperties\": 1, \"maxProperties\": 1, "));
    private static final String ALL = "/flavors/{flavor_id}/os-extra_specs";
    private static final String SINGLE = ALL + "/{key}";

    private final Transactions transactions;
    private final FlavorStore flavors;
    private final InstantSource clock;

    public ExtraSpecApi(Transactions transactions, FlavorStore flavors, InstantSource clock) {
        this.transactions = transactions;
        this.flavors = flavors;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get(ALL).policy(LIST).to(this::list),
                Route.post(ALL).policy(CREATE).body(NEW).to(this::create),
                Route.get(SINGLE).policy(SHOW).to(this::show),
                Route.put(SINGLE).policy(UPDATE).body(ONE).to(this::update),
                Route.delete(SINGLE).policy(DELETE).to(this::delete));
    }

    private Response list(Request request) {
        return Response.json(200, "extra_specs", require(request).extraSpecs());
    }

    private Response show(Request request) {
        Flavor flavor = require(request);
        String key = request.param("key");
        String value = flavor.extraSpecs().get(key);
        if (value == null) {
            throw missing(flavor, key);
        }
        return Response.json(200, Map.of(key, value));
    }

    private Response create(Request request) {
        Map<String, String> given = specs(request.json("extra_specs"));
        change(request, before -> {
            Map<String, String> after = new TreeMap<>(before);
            after.putAll(given);
            return after;
        });
        return Response.json(200, "extra_specs", given);
    }

    private Response update(Request request) {
        String key = request.param("key");
        Map<String, String> given = specs(request.json());
        String value = given.get(key);
        if (value == null) {
            throw Fault.invalid("Request body and URI mismatch");
        }
        change(request, before -> {
            Map<String, String> after = new TreeMap<>(before);
            after.put(key, value);
            return after;
        });
        return Response.json(200, given);
    }

    private Response delete(Request request) {
        String key = request.param("key");
        Flavor flavor = require(request);
        change(request, before -> {
            Map<String, String> after = new TreeMap<>(before);
            if (after.remove(key) == null) {
                throw missing(flavor, key);
            }
            return after;
        });
        return Response.empty(200);
    }

    private void change(Request request, UnaryOperator<Map<String, String>> change) {
        transactions.run(tx -> {
            Flavor flavor = flavors.require(tx, request.param("flavor_id"), project(request));
            flavors.setExtraSpecs(tx, flavor.id(), change.apply(flavor.extraSpecs()), clock.instant());
        });
    }

    private Flavor require(Request request) {
        return transactions.read(tx -> flavors.require(tx, request.param("flavor_id"), project(request)));
    }

    /** Operators see every flavor. */
    private static @Nullable String project(Request request) {
        return request.caller().isAdmin() ? null : request.caller().projectId();
    }

    private static RuntimeException missing(Flavor flavor, String key) {
        return Fault.notFound("Flavor " + flavor.id() + " has no extra specs with key " + key + ".");
    }

    private static Map<String, String> specs(JsonNode node) {
        Map<String, String> specs = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> specs.put(entry.getKey(), entry.getValue().asString()));
        return specs;
    }
}
