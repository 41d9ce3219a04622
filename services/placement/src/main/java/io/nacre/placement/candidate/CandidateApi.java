package io.nacre.placement.candidate;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementErrors;
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
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** API reference "Allocation candidates", since 1.10. */
public final class CandidateApi {
    private static final PolicyRule LIST = PlacementPolicy.adminOrService("placement:allocation_candidates:list");
    private static final Pattern GROUPED =
            Pattern.compile("(resources|required|member_of|in_tree)([a-zA-Z0-9_-]{1,64})");
    private static final Set<String> PLAIN = Set.of(
            "resources", "required", "member_of", "in_tree", "limit", "group_policy", "root_required", "same_subtree");

    private final Transactions transactions;
    private final Snapshot.Source source;
    private final ResourceClassStore classes;
    private final TraitStore traits;
    private final InstantSource clock;

    public CandidateApi(
            Transactions transactions,
            Snapshot.Source source,
            ResourceClassStore classes,
            TraitStore traits,
            InstantSource clock) {
        this.transactions = transactions;
        this.source = source;
        this.classes = classes;
        this.traits = traits;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/allocation_candidates").policy(LIST).since(10).to(this::list));
    }

    private Response list(Request request) {
        CandidateSearch.Query query = parse(request.query(), request.minor());
        record Found(Snapshot snapshot, List<CandidateSearch.Candidate> candidates) {}
        Found found = transactions.read(tx -> {
            Set<String> namedClasses = new LinkedHashSet<>();
            Set<String> namedTraits = new LinkedHashSet<>(query.rootForbidden());
            query.rootRequired().forEach(namedTraits::addAll);
            query.groups().forEach(group -> {
                namedClasses.addAll(group.resources().keySet());
                namedTraits.addAll(group.namedTraits());
            });
            classes.requireAll(tx, namedClasses);
            traits.requireAll(tx, namedTraits);
            Snapshot snapshot = source.take(tx);
            return new Found(snapshot, new CandidateSearch(snapshot, query).find());
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("allocation_requests", requests(found.candidates(), request.minor()));
        body.put("provider_summaries", summaries(found.snapshot(), found.candidates(), query, request.minor()));
        return Freshness.of(request, Response.json(200, body), clock.instant());
    }

    private static CandidateSearch.Query parse(Query query, int minor) {
        Set<String> suffixes = new TreeSet<>();
        for (String name : query.names()) {
            Matcher grouped = GROUPED.matcher(name);
            if (grouped.matches() && !PLAIN.contains(name) && minor >= 25) {
                if (minor < 33 && !grouped.group(2).matches("[1-9][0-9]*")) {
                    throw Fault.invalid("Invalid query string parameters: '" + name + "' was unexpected");
                }
                suffixes.add(grouped.group(2));
            } else if (!PLAIN.contains(name)) {
                throw Fault.invalid("Invalid query string parameters: Additional properties are not allowed ('" + name
                        + "' was unexpected)");
            }
        }
        List<Group> groups = new ArrayList<>();
        if (query.has("resources") || query.has("required") || query.has("member_of") || query.has("in_tree")) {
            groups.add(Group.parse(query, "", minor));
        }
        suffixes.forEach(suffix -> groups.add(Group.parse(query, suffix, minor)));
        requireWhole(groups, query, minor);
        Set<String> rootForbidden = new LinkedHashSet<>();
        List<Set<String>> rootRequired = new ArrayList<>();
        if (query.has("root_required")) {
            for (String trait : String.valueOf(query.get("root_required")).split(",")) {
                if (trait.startsWith("!")) {
                    rootForbidden.add(trait.substring(1));
                } else {
                    rootRequired.add(Set.of(trait));
                }
            }
        }
        Integer limit = query.integer("limit", 1, Integer.MAX_VALUE);
        return new CandidateSearch.Query(
                groups,
                "isolate".equals(query.get("group_policy")),
                subtrees(query, suffixes),
                rootRequired,
                rootForbidden,
                minor >= 29,
                limit == null ? Integer.MAX_VALUE : limit);
    }

    private static void requireWhole(List<Group> groups, Query query, int minor) {
        if (groups.stream().allMatch(group -> group.resources().isEmpty())) {
            throw Fault.invalid("Invalid query string parameters: at least one group of resources is required.");
        }
        long suffixed =
                groups.stream().filter(group -> !group.suffix().isEmpty()).count();
        String policy = query.get("group_policy");
        if (policy != null && !Set.of("none", "isolate").contains(policy)) {
            throw Fault.invalid("Invalid query string parameters: group_policy must be 'none' or 'isolate'.");
        }
        if (policy == null && suffixed > 1) {
            throw Fault.of(
                    Fault.Kind.INVALID,
                    PlacementErrors.MISSING_VALUE,
                    "The \"group_policy\" parameter is required when specifying more than one \"resources{N}\" parameter.");
        }
        for (Group group : groups) {
            boolean mayLackResources = minor >= 36
                    && query.all("same_subtree").stream()
                            .anyMatch(set -> List.of(set.split(",")).contains(group.suffix()));
            if (group.resources().isEmpty() && !mayLackResources) {
                throw Fault.of(
                        Fault.Kind.INVALID,
                        PlacementErrors.MISSING_VALUE,
                        "All traits, member_of and in_tree must have a corresponding resources: group '"
                                + group.suffix() + "' has none.");
            }
        }
    }

    private static List<Set<String>> subtrees(Query query, Set<String> suffixes) {
        List<Set<String>> subtrees = new ArrayList<>();
        for (String value : query.all("same_subtree")) {
            Set<String> subtree = new LinkedHashSet<>(List.of(value.split(",")));
            if (subtree.contains("") || !suffixes.containsAll(subtree)) {
                throw Fault.of(
                        Fault.Kind.INVALID,
                        PlacementErrors.BAD_VALUE,
                        "Real suffixes should be specified in same_subtree: " + value + ".");
            }
            subtrees.add(subtree);
        }
        return subtrees;
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
            Snapshot snapshot, List<CandidateSearch.Candidate> candidates, CandidateSearch.Query query, int minor) {
        Set<String> roots = new LinkedHashSet<>();
        Set<String> used = new LinkedHashSet<>();
        candidates.forEach(candidate -> candidate.amounts().keySet().forEach(id -> {
            used.add(id);
            Snapshot.Node node = snapshot.node(id);
            roots.add(node == null ? id : node.provider().rootId());
        }));
        Set<String> wanted = new LinkedHashSet<>();
        query.groups().forEach(group -> wanted.addAll(group.resources().keySet()));
        Map<String, Object> shown = new LinkedHashMap<>();
        snapshot.nodes().values().stream()
                .filter(node -> used.contains(node.id())
                        || (minor >= 29 && roots.contains(node.provider().rootId())))
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
