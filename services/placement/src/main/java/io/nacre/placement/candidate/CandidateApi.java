package io.nacre.placement.candidate;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.placement.trait.TraitStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** API reference "Allocation candidates", since 1.10. */
public final class CandidateApi {
    private static final PolicyRule LIST = PlacementPolicy.adminOrService("placement:allocation_candidates:list");
    private final Transactions transactions;
    private final Candidates candidates;
    private final ResourceClassStore classes;
    private final TraitStore traits;
    private final InstantSource clock;

    public CandidateApi(
            Transactions transactions,
            Candidates candidates,
            ResourceClassStore classes,
            TraitStore traits,
            InstantSource clock) {
        this.transactions = transactions;
        this.candidates = candidates;
        this.classes = classes;
        this.traits = traits;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/allocation_candidates").policy(LIST).since(10).to(this::list));
    }

    private Response list(Request request) {
        CandidateQuery query = CandidateQuery.parse(request.query(), request.minor());
        Candidates.Found found = transactions.read(tx -> {
            classes.requireAll(tx, query.namedClasses());
            traits.requireAll(tx, query.namedTraits());
            return candidates.findWithTrees(tx, query);
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("allocation_requests", requests(found.candidates(), request.minor()));
        body.put("provider_summaries", summaries(found.snapshot(), found.candidates(), query, request.minor()));
        return Freshness.of(request, Response.json(200, body), clock.instant());
    }

    private static List<Map<String, Object>> requests(List<CandidateSearch.Candidate> candidates, int minor) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (CandidateSearch.Candidate candidate : candidates) {
            Map<String, Object> one = new LinkedHashMap<>();
            if (minor >= 12) {
                Map<String, Object> allocations = new LinkedHashMap<>();
                candidate.amounts().forEach((id, amounts) -> allocations.put(id, Map.of("resources", amounts)));
                one.put("allocations", allocations);
            } else {
                one.put(
                        "allocations",
                        candidate.amounts().entrySet().stream()
                                .map(entry -> Map.of(
                                        "resource_provider",
                                        Map.of("uuid", entry.getKey()),
                                        "resources",
                                        entry.getValue()))
                                .toList());
            }
            if (minor >= 34) {
                one.put("mappings", candidate.mappings());
            }
            shown.add(one);
        }
        return shown;
    }

    /** Since 1.29 with every provider of the trees that are used, before it with those that are used. */
    private static Map<String, Object> summaries(
            Snapshot snapshot, List<CandidateSearch.Candidate> candidates, CandidateQuery query, int minor) {
        Set<String> roots = new LinkedHashSet<>();
        Set<String> used = new LinkedHashSet<>();
        candidates.forEach(candidate -> candidate.amounts().keySet().forEach(id -> {
            used.add(id);
            Snapshot.Node node = snapshot.node(id);
            roots.add(node == null ? id : node.provider().rootId());
        }));
        Set<String> wanted = query.namedClasses();
        Map<String, Object> shown = new LinkedHashMap<>();
        snapshot.nodes().values().stream()
                .filter(node -> used.contains(node.id())
                        || (query.nested() && roots.contains(node.provider().rootId())))
                .forEach(node -> shown.put(node.id(), summary(node, minor >= 27 ? null : wanted, minor)));
        return shown;
    }

    private static Map<String, @Nullable Object> summary(Snapshot.Node node, @Nullable Set<String> only, int minor) {
        Map<String, Object> resources = new TreeMap<>();
        node.inventories().forEach((name, inventory) -> {
            if (only == null || only.contains(name)) {
                resources.put(
                        name,
                        Map.of(
                                "capacity",
                                inventory.capacity(),
                                "used",
                                node.used().getOrDefault(name, 0L)));
            }
        });
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("resources", resources);
        if (minor >= 17) {
            shown.put("traits", node.traits());
        }
        if (minor >= 29) {
            shown.put("parent_provider_uuid", node.provider().parentId());
            shown.put("root_provider_uuid", node.provider().rootId());
        }
        return shown;
    }
}
