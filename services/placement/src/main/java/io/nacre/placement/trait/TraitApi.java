package io.nacre.placement.trait;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** API reference "Traits" and "Resource provider traits", since 1.6. */
public final class TraitApi {
    private static final PolicyRule LIST = PlacementPolicy.adminOrService("placement:traits:list");
    private static final PolicyRule SHOW = PlacementPolicy.adminOrService("placement:traits:show");
    private static final PolicyRule UPDATE = PlacementPolicy.adminOrService("placement:traits:update");
    private static final PolicyRule DELETE = PlacementPolicy.adminOrService("placement:traits:delete");
    private static final PolicyRule PROVIDER_LIST =
            PlacementPolicy.adminOrService("placement:resource_providers:traits:list");
    private static final PolicyRule PROVIDER_UPDATE =
            PlacementPolicy.adminOrService("placement:resource_providers:traits:update");
    private static final PolicyRule PROVIDER_DELETE =
            PlacementPolicy.adminOrService("placement:resource_providers:traits:delete");

    private static final Pattern CUSTOM = Pattern.compile("CUSTOM_[A-Z0-9_]{1,248}");
    private static final Schema SET = Schema.of("""
            {"type": "object", "required": ["resource_provider_generation", "traits"], "additionalProperties": false,
             "properties": {
               "resource_provider_generation": {"type": "integer"},
               "traits": {"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 255}}}}
            """);

    private final Transactions transactions;
    private final TraitStore traits;
    private final ProviderStore providers;
    private final InstantSource clock;

    public TraitApi(Transactions transactions, TraitStore traits, ProviderStore providers, InstantSource clock) {
        this.transactions = transactions;
        this.traits = traits;
        this.providers = providers;
        this.clock = clock;
    }

    public List<Route> routes() {
        String ofProvider = "/resource_providers/{uuid}/traits";
        return List.of(
                Route.get("/traits").policy(LIST).since(6).to(this::list),
                Route.get("/traits/{name}").policy(SHOW).since(6).to(this::show),
                Route.put("/traits/{name}").policy(UPDATE).since(6).to(this::put),
                Route.delete("/traits/{name}").policy(DELETE).since(6).to(this::delete),
                Route.get(ofProvider).policy(PROVIDER_LIST).since(6).to(this::listOfProvider),
                Route.put(ofProvider).policy(PROVIDER_UPDATE).since(6).body(SET).to(this::setOfProvider),
                Route.delete(ofProvider).policy(PROVIDER_DELETE).since(6).to(this::clearOfProvider));
    }

    private Response list(Request request) {
        TraitStore.Filter filter = filter(request);
        List<Trait> found = transactions.read(tx -> traits.list(tx, filter));
        return Freshness.of(request, Response.json(200, names(found)), newest(found));
    }

    private Response show(Request request) {
        Trait trait = transactions.read(tx -> require(tx, request.param("name")));
        return Freshness.of(request, Response.empty(204), trait.createdAt());
    }

    private Response put(Request request) {
        String name = request.param("name");
        if (!CUSTOM.matcher(name).matches()) {
            throw Fault.invalid("The trait is invalid. A valid trait must be no longer than 255 characters, start with"
                    + " the prefix \"CUSTOM_\" and use following characters: \"A\"-\"Z\", \"0\"-\"9\" and \"_\"");
        }
        boolean created = transactions.write(tx -> traits.create(tx, new Trait(name, clock.instant())));
        Trait trait = transactions.read(tx -> require(tx, name));
        Response response = Response.empty(created ? 201 : 204).header("Location", request.baseUrl() + request.path());
        return Freshness.of(request, response, trait.createdAt());
    }

    private Response delete(Request request) {
        String name = request.param("name");
        transactions.run(tx -> {
            if (require(tx, name).isStandard()) {
                throw Fault.invalid("Cannot delete standard trait " + name + ".");
            }
            if (traits.isInUse(tx, name)) {
                throw Fault.conflict("The trait " + name + " is in use by a resource provider.");
            }
            traits.delete(tx, name);
        });
        return Response.empty(204);
    }

    private Response listOfProvider(Request request) {
        record Found(Provider provider, List<Trait> traits) {}
        Found found = transactions.read(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            return new Found(provider, traits.ofProvider(tx, provider.id()));
        });
        return ofProvider(request, found.provider(), found.traits());
    }

    private Response setOfProvider(Request request) {
        long generation = request.json("resource_provider_generation").asLong();
        Set<String> wanted = new LinkedHashSet<>();
        for (JsonNode name : request.json("traits")) {
            wanted.add(name.asString());
        }
        record Changed(Provider provider, List<Trait> traits) {}
        Changed changed = transactions.write(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            provider.requireGeneration(generation);
            traits.requireAll(tx, wanted);
            traits.setOfProvider(tx, provider.id(), wanted);
            Provider moved = providers.advance(tx, provider, clock.instant());
            return new Changed(moved, traits.ofProvider(tx, provider.id()));
        });
        return ofProvider(request, changed.provider(), changed.traits());
    }

    private Response clearOfProvider(Request request) {
        transactions.run(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            traits.setOfProvider(tx, provider.id(), List.of());
            providers.advance(tx, provider, clock.instant());
        });
        return Response.empty(204);
    }

    private Response ofProvider(Request request, Provider provider, List<Trait> found) {
        Map<String, Object> body = new LinkedHashMap<>(names(found));
        body.put("resource_provider_generation", provider.generation());
        return Freshness.of(request, Response.json(200, body), newest(found));
    }

    private Trait require(Tx tx, String name) {
        return traits.find(tx, name).orElseThrow(() -> Fault.notFound("No such trait(s): " + name + "."));
    }

    private static TraitStore.Filter filter(Request request) {
        request.query().allow(Set.of("name", "associated"));
        Optional<String> prefix = Optional.empty();
        Optional<Set<String>> names = Optional.empty();
        String name = request.query().get("name");
        if (name != null) {
            if (name.startsWith("startswith:")) {
                prefix = Optional.of(name.substring("startswith:".length()));
            } else if (name.startsWith("in:")) {
                names = Optional.of(Set.of(name.substring("in:".length()).split(",")));
            } else {
                throw Fault.invalid("Badly formatted name parameter. Expected name query string parameter in form:"
                        + " ?name=[in|startswith]:[name1,name2|prefix]. Got: \"" + name + "\"");
            }
        }
        String associated = request.query().get("associated");
        if (associated != null && !Set.of("true", "false").contains(associated.toLowerCase(Locale.ROOT))) {
            throw Fault.invalid("The query parameter \"associated\" only accepts \"true\" or \"false\"");
        }
        return new TraitStore.Filter(
                prefix, names, Optional.ofNullable(associated).map("true"::equalsIgnoreCase));
    }

    private static Map<String, Object> names(List<Trait> found) {
        return Map.of("traits", found.stream().map(Trait::name).toList());
    }

    /** When the youngest of them came; now when there is none. */
    private Instant newest(List<Trait> found) {
        return found.stream().map(Trait::createdAt).max(Instant::compareTo).orElseGet(clock::instant);
    }
}
