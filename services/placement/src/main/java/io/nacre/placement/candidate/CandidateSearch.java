package io.nacre.placement.candidate;

import java.util.ArrayList;
import java.util.Collection;
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
     * @param amounts by provider, then resource class
     * @param mappings by suffix, the providers that answer to it
     */
    public record Candidate(String rootId, Map<String, Map<String, Long>> amounts, Map<String, Set<String>> mappings) {}

    /** What makes two candidates one, whichever tree they were found in: one that only shares is found in many. */
    private record Key(Map<String, Map<String, Long>> amounts, Map<String, Set<String>> mappings) {}

    /** Bound the work on a query that fits in very many ways. */
    private static final int MOST_FOUND_PER_TREE = 1000;

    private static final int MOST_TRIED_PER_TREE = 100_000;

    private final CandidateQuery query;
    private final Map<Key, Candidate> found = new LinkedHashMap<>();

    public CandidateSearch(CandidateQuery query) {
        this.query = query;
    }

    /** Searches the trees with these roots, which the snapshot has whole, with all that share with them. */
    public void look(Snapshot snapshot, Collection<String> rootIds) {
        Map<String, List<Snapshot.Node>> trees = snapshot.trees();
        for (String rootId : rootIds) {
            Snapshot.Node root = snapshot.node(rootId);
            if (root != null && rootFits(root) && !isDone()) {
                new Tree(snapshot, root, trees.getOrDefault(rootId, List.of())).combine(0);
            }
        }
    }

    public boolean isDone() {
        return found.size() >= query.limit();
    }

    public List<Candidate> found() {
        return List.copyOf(found.values());
    }

    private boolean rootFits(Snapshot.Node root) {
        return root.traits().containsAll(query.rootRequired())
                && query.rootForbidden().stream().noneMatch(root.traits()::contains);
    }

    /** The search in one tree: what was chosen for the groups so far, and the way back from each choice. */
    private final class Tree {
        private final Snapshot snapshot;
        private final Snapshot.Node root;
        private final List<Snapshot.Node> own;
        private final List<Snapshot.Node> reachable;
        private final Map<String, Map<String, Long>> amounts = new LinkedHashMap<>();
        private final Map<String, Set<String>> mappings = new LinkedHashMap<>();
        private int tried;
        private int taken;

        Tree(Snapshot snapshot, Snapshot.Node root, List<Snapshot.Node> own) {
            this.snapshot = snapshot;
            this.root = root;
            this.own = own;
            this.reachable = new ArrayList<>(own);
            snapshot.sharing()
                    .filter(node -> !own.contains(node) && Snapshot.sharesWith(node, own))
                    .forEach(reachable::add);
        }

        void combine(int index) {
            if (tried++ >= MOST_TRIED_PER_TREE || taken >= MOST_FOUND_PER_TREE || isDone()) {
                return;
            }
            if (index == query.groups().size()) {
                if (sameSubtrees() && (query.nested() || onePerTree())) {
                    keep();
                }
                return;
            }
            Group group = query.groups().get(index);
            if (group.suffix().isEmpty()) {
                spread(index, group, new ArrayList<>(group.resources().entrySet()), new ArrayList<>());
            } else {
                concentrate(index, group);
            }
        }

        /** All of the group from one provider. */
        private void concentrate(int index, Group group) {
            for (Snapshot.Node node : reachable) {
                if (!isInTree(group, node)
                        || !group.isMetBy(node)
                        || (query.isolate() && isTaken(node))
                        || !take(node, group.resources())) {
                    continue;
                }
                mappings.put(group.suffix(), Set.of(node.id()));
                combine(index + 1);
                mappings.remove(group.suffix());
                giveBack(node, group.resources());
            }
        }

        /** Each resource of the group from whichever provider has it; the traits may be spread over those used. */
        private void spread(int index, Group group, List<Map.Entry<String, Long>> wishes, List<Snapshot.Node> chosen) {
            if (chosen.size() == wishes.size()) {
                if (haveTogether(group, chosen)) {
                    Set<String> ids = new LinkedHashSet<>();
                    chosen.forEach(node -> ids.add(node.id()));
                    mappings.put("", ids);
                    combine(index + 1);
                    mappings.remove("");
                }
                return;
            }
            Map.Entry<String, Long> wish = wishes.get(chosen.size());
            Map<String, Long> part = Map.of(wish.getKey(), wish.getValue());
            for (Snapshot.Node node : group.inTree() == null ? reachable : own) {
                if (tried >= MOST_TRIED_PER_TREE || !maySpreadOver(group, node) || !take(node, part)) {
                    continue;
                }
                tried++;
                chosen.add(node);
                spread(index, group, wishes, chosen);
                chosen.removeLast();
                giveBack(node, part);
            }
        }

        /** The root of a tree is in its aggregates for the whole tree; one that shares is in them itself. */
        private boolean maySpreadOver(Group group, Snapshot.Node node) {
            return isInTree(group, node)
                    && group.isAllowed(node)
                    && (group.isMember(node) || (own.contains(node) && group.isMember(root)))
                    && group.notMemberOf().stream()
                            .noneMatch(aggregate -> node.aggregates().contains(aggregate)
                                    || root.aggregates().contains(aggregate));
        }

        private boolean haveTogether(Group group, List<Snapshot.Node> chosen) {
            return group.required().stream()
                    .allMatch(
                            any -> chosen.stream().anyMatch(node -> any.stream().anyMatch(node.traits()::contains)));
        }

        private boolean isInTree(Group group, Snapshot.Node node) {
            if (group.inTree() == null) {
                return true;
            }
            Snapshot.Node named = snapshot.node(group.inTree());
            return named != null
                    && named.provider().rootId().equals(node.provider().rootId());
        }

        private boolean isTaken(Snapshot.Node node) {
            return mappings.entrySet().stream()
                    .anyMatch(entry ->
                            !entry.getKey().isEmpty() && entry.getValue().contains(node.id()));
        }

        /** Several groups may lean on one provider: it must have room for all of them. */
        private boolean take(Snapshot.Node node, Map<String, Long> wishes) {
            Map<String, Long> mine = amounts.getOrDefault(node.id(), Map.of());
            if (!wishes.entrySet().stream()
                    .allMatch(wish -> node.fits(wish.getKey(), wish.getValue())
                            && node.fits(wish.getKey(), wish.getValue() + mine.getOrDefault(wish.getKey(), 0L)))) {
                return false;
            }
            if (!wishes.isEmpty()) {
                Map<String, Long> more = amounts.computeIfAbsent(node.id(), id -> new LinkedHashMap<>());
                wishes.forEach((resourceClass, amount) -> more.merge(resourceClass, amount, Long::sum));
            }
            return true;
        }

        private void giveBack(Snapshot.Node node, Map<String, Long> wishes) {
            Map<String, Long> mine = amounts.getOrDefault(node.id(), new LinkedHashMap<>());
            wishes.forEach((resourceClass, amount) -> {
                if (mine.merge(resourceClass, -amount, Long::sum) == 0) {
                    mine.remove(resourceClass);
                }
            });
            if (mine.isEmpty()) {
                amounts.remove(node.id());
            }
        }

        private boolean sameSubtrees() {
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

        private boolean onePerTree() {
            Set<String> roots = new HashSet<>();
            return amounts.keySet().stream()
                    .allMatch(id -> roots.add(node(id).provider().rootId()));
        }

        private Snapshot.Node node(String id) {
            return Objects.requireNonNull(snapshot.node(id));
        }

        private void keep() {
            Map<String, Map<String, Long>> copy = new LinkedHashMap<>();
            amounts.forEach((id, mine) -> copy.put(id, new LinkedHashMap<>(mine)));
            Candidate candidate = new Candidate(root.id(), copy, new LinkedHashMap<>(mappings));
            if (found.putIfAbsent(new Key(copy, candidate.mappings()), candidate) == null) {
                taken++;
            }
        }
    }
}
