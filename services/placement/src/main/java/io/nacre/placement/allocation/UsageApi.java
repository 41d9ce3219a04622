package io.nacre.placement.allocation;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API reference "Usages" and "Resource provider usages". */
public final class UsageApi {
    private static final PolicyRule OF_PROVIDER = PlacementPolicy.adminOrService("placement:resource_providers:usages");
    private static final PolicyRule TOTAL = PlacementPolicy.readerOrService("placement:usages");

    private static final Pattern TYPE = Pattern.compile("[A-Z0-9_]+|all|unknown");

    private final Transactions transactions;
    private final AllocationStore allocations;
    private final InventoryStore inventories;
    private final ProviderStore providers;
    private final InstantSource clock;

    public UsageApi(
            Transactions transactions,
            AllocationStore allocations,
            InventoryStore inventories,
            ProviderStore providers,
            InstantSource clock) {
        this.transactions = transactions;
        this.allocations = allocations;
        this.inventories = inventories;
        this.providers = providers;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/resource_providers/{uuid}/usages")
                        .policy(OF_PROVIDER)
                        .to(this::ofProvider),
                Route.get("/usages").policy(TOTAL).since(9).to(this::total));
    }

    private Response ofProvider(Request request) {
        return transactions.read(tx -> {
            Provider provider = providers.require(tx, request.param("uuid"));
            Map<String, Long> used = inventories.used(tx, Set.of(provider.id())).getOrDefault(provider.id(), Map.of());
            Map<String, Long> shown = new TreeMap<>();
            inventories
                    .ofProvider(tx, provider.id())
                    .keySet()
                    .forEach(name -> shown.put(name, used.getOrDefault(name, 0L)));
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("resource_provider_generation", provider.generation());
            body.put("usages", shown);
            return Freshness.of(request, Response.json(200, body), provider.updatedAt());
        });
    }

    private Response total(Request request) {
        boolean typed = request.minor() >= 38;
        Query query = request.query();
        query.allow(typed ? Set.of("project_id", "user_id", "consumer_type") : Set.of("project_id", "user_id"));
        String projectId = name(query, "project_id");
        if (projectId == null) {
            throw Fault.invalid("Invalid query string parameters: 'project_id' is a required property");
        }
        request.enforce(TOTAL, Map.of("project_id", projectId));
        String userId = name(query, "user_id");
        String type = name(query, "consumer_type");
        if (type != null && !TYPE.matcher(type).matches()) {
            throw Fault.invalid("Invalid query string parameters: '" + type + "' does not match '" + TYPE + "'");
        }
        Map<String, ?> usages = transactions.read(
                tx -> typed ? byType(tx, projectId, userId, type) : allocations.usage(tx, projectId, userId));
        return Freshness.of(request, Response.json(200, "usages", usages), clock.instant());
    }

    private static @Nullable String name(Query query, String parameter) {
        String name = query.get(parameter);
        if (name != null && (name.isEmpty() || name.length() > 255)) {
            throw Fault.invalid("Invalid query string parameters: '" + name + "' is too short or too long");
        }
        return name;
    }

    /** {@code all} sums over the types, {@code unknown} is a type like any other. */
    private Map<String, ?> byType(Tx tx, String projectId, @Nullable String userId, @Nullable String type) {
        if (!"all".equals(type)) {
            return allocations.usageByType(tx, projectId, userId, type);
        }
        Map<String, Long> sum = new TreeMap<>();
        allocations
                .usageByType(tx, projectId, userId, null)
                .values()
                .forEach(amounts -> amounts.forEach((name, amount) -> sum.merge(name, amount, Long::sum)));
        return sum.isEmpty() ? Map.of() : Map.of("all", sum);
    }
}
