package io.nacre.placement.candidate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the allocations that answer a query, tree by tree. The group without a suffix may take each resource from
 * another provider of the tree or from one that shares with it; a group with a suffix takes all from one provider.
 */
public final class CandidateSearch {

    /**
     * What is searched for.
     *
     * @param isolate whether no two groups with a suffix may share a provider
     * @param sameSubtree sets of suffixes whose providers must lie below one of them
     * @param rootRequired sets of traits, of each of which the root must have one
     * @param nested false before 1.29: only roots and sharing providers can give
     */
    public record Query(
            List<Group> groups,
            boolean isolate,
            List<Set<String>> sameSubtree,
            List<Set<String>> rootRequired,
            Set<String> rootForbidden,
            boolean nested,
            int limit) {}

    /**
     * @param amounts by provider, then resource class
     * @param mappings by suffix, the providers that answer to it
     */
    public record Candidate(String rootId, Map<String, Map<String, Long>> amounts, Map<String, Set<String>> mappings) {}

    /** Bounds the work on a query that fits in very many ways. */
    private static final int MOST_PER_TREE = 1000;

    private final Snapshot snapshot;
    private final Query query;

    public CandidateSearch(Snapshot snapshot, Query query) {
        this.snapshot = snapshot;
        this.query = query;
    }

    public List<Candidate> find() {
        List<Snapshot.Node> sharing = snapshot.nodes().values().stream()
                .filter(Snapshot.Node::isSharing)
                .toList();
        Set<Candidate> found = new LinkedHashSet<>();
        for (Map.Entry<String, List<Snapshot.Node>> tree : snapshot.trees().entrySet()) {
            Snapshot.Node root = Objects.requireNonNull(snapshot.node(tree.getKey()));
            if (!rootFits(root)) {
                continue;
            }
            List<Snapshot.Node> own = query.nested() ? tree.getValue() : List.of(root);
            List<Snapshot.Node> reachable = new ArrayList<>(own);
            sharing.stream()
                    .filter(node -> !own.contains(node) && Snapshot.sharesWith(node, tree.getValue()))
                    .forEach(reachable::add);
            combine(new Search(root, own, reachable), 0, new HashMap<>(), new LinkedHashMap<>(), found);
        }
        return found.stream().limit(query.limit()).toList();
    }

    private boolean rootFits(Snapshot.Node root) {
        return query.rootRequired().stream().allMatch(any -> any.stream().anyMatch(root.traits()::contains))
                && query.rootForbidden().stream().noneMatch(root.traits()::contains);
    }

    /** One tree, with the providers that share with it. */
    private record Search(Snapshot.Node root, List<Snapshot.Node> own, List<Snapshot.Node> reachable) {}

    private void combine(
            Search search,
            int index,
            Map<String, Map<String, Long>> amounts,
            Map<String, Set<String>> mappings,
            Set<Candidate> found) {
        if (found.size() >= MOST_PER_TREE + query.groups().size()) {
            return;
        }
        if (index == query.groups().size()) {
            if (fitsTogether(amounts) && sameSubtrees(mappings) && usesTree(search, amounts)) {
                found.add(new Candidate(search.root().id(), deepCopy(amounts), new LinkedHashMap<>(mappings)));
            }
            return;
        }
        Group group = query.groups().get(index);
        for (Map<String, String> choice : choices(search, group)) {
            Set<String> providers = new LinkedHashSet<>(choice.values());
            if (query.isolate() && !group.suffix().isEmpty() && taken(mappings, providers)) {
                continue;
            }
            Map<String, Map<String, Long>> more = deepCopy(amounts);
            group.resources()
                    .forEach((resourceClass, amount) -> more.computeIfAbsent(
                                    Objects.requireNonNull(choice.get(resourceClass)), id -> new LinkedHashMap<>())
                            .merge(resourceClass, amount, Long::sum));
            Map<String, Set<String>> mapped = new LinkedHashMap<>(mappings);
            mapped.put(group.suffix(), providers);
            combine(search, index + 1, more, mapped, found);
        }
    }

    /** Each way to answer to a group: resource class to provider; the empty key stands for a group without resources. */
    private List<Map<String, String>> choices(Search search, Group group) {
        if (!group.suffix().isEmpty()) {
            return search.reachable().stream()
                    .filter(node -> inTree(group, node) && group.accepts(node, aggregatesOf(node)) && group.fits(node))
                    .map(node -> allFrom(group, node.id()))
                    .toList();
        }
        List<Map<String, String>> partial = new ArrayList<>();
        partial.add(Map.of());
        for (Map.Entry<String, Long> wish : group.resources().entrySet()) {
            List<Snapshot.Node> able = search.reachable().stream()
                    .filter(node -> node.fits(wish.getKey(), wish.getValue())
                            && inTree(group, node)
                            && group.forbidden().stream().noneMatch(node.traits()::contains)
                            && group.isMember(aggregatesOf(node)))
                    .toList();
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> before : partial) {
                for (Snapshot.Node node : able) {
                    Map<String, String> next = new LinkedHashMap<>(before);
                    next.put(wish.getKey(), node.id());
                    longer.add(next);
                }
            }
            partial = longer.subList(0, Math.min(longer.size(), MOST_PER_TREE));
        }
        return partial.stream().filter(choice -> traitsTogether(group, choice)).toList();
    }

    private static Map<String, String> allFrom(Group group, String id) {
        Map<String, String> choice = new LinkedHashMap<>();
        group.resources().keySet().forEach(resourceClass -> choice.put(resourceClass, id));
        if (choice.isEmpty()) {
            choice.put("", id);
        }
        return choice;
    }

    /** In the group without a suffix the traits may be spread over the providers that are used. */
    private boolean traitsTogether(Group group, Map<String, String> choice) {
        Set<String> traits = new HashSet<>();
        choice.values().forEach(id -> traits.addAll(node(id).traits()));
        return group.required().stream().allMatch(any -> any.stream().anyMatch(traits::contains));
    }

    private boolean inTree(Group group, Snapshot.Node node) {
        if (group.inTree() == null) {
            return true;
        }
        Snapshot.Node named = snapshot.node(group.inTree());
        return named != null && named.provider().rootId().equals(node.provider().rootId());
    }

    /** The aggregates of a provider and of its root: being a member spans the tree. */
    private Set<String> aggregatesOf(Snapshot.Node node) {
        Set<String> aggregates = new HashSet<>(node.aggregates());
        aggregates.addAll(node(node.provider().rootId()).aggregates());
        return aggregates;
    }

    private static boolean taken(Map<String, Set<String>> mappings, Set<String> providers) {
        return mappings.entrySet().stream()
                .filter(entry -> !entry.getKey().isEmpty())
                .anyMatch(entry -> entry.getValue().stream().anyMatch(providers::contains));
    }

    /** Several groups may lean on one provider: it must have room for all of them. */
    private boolean fitsTogether(Map<String, Map<String, Long>> amounts) {
        return amounts.entrySet().stream()
                .allMatch(entry -> entry.getValue().entrySet().stream()
                        .allMatch(wish -> node(entry.getKey()).fits(wish.getKey(), wish.getValue())));
    }

    /** A candidate that only shares would stand in every tree; the sharing provider's own tree has it already. */
    private static boolean usesTree(Search search, Map<String, Map<String, Long>> amounts) {
        return search.own().stream().anyMatch(node -> amounts.containsKey(node.id()));
    }

    private boolean sameSubtrees(Map<String, Set<String>> mappings) {
        return query.sameSubtree().stream().allMatch(suffixes -> {
            Set<String> ids = new LinkedHashSet<>();
            suffixes.forEach(suffix -> ids.addAll(mappings.getOrDefault(suffix, Set.of())));
            return ids.stream().anyMatch(top -> ids.stream().allMatch(id -> isBelow(id, top)));
        });
    }

    private boolean isBelow(String id, String top) {
        for (@Nullable String at = id; at != null; at = node(at).provider().parentId()) {
            if (at.equals(top)) {
                return true;
            }
        }
        return false;
    }

    private Snapshot.Node node(String id) {
        return Objects.requireNonNull(snapshot.node(id));
    }

    private static Map<String, Map<String, Long>> deepCopy(Map<String, Map<String, Long>> amounts) {
        Map<String, Map<String, Long>> copy = new LinkedHashMap<>();
        amounts.forEach((id, inner) -> copy.put(id, new LinkedHashMap<>(inner)));
        return copy;
    }
}
