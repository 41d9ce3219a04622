package io.nacre.placement.candidate;

import io.nacre.base.Tx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Searches a cloud of any size: the database says which trees can hold the request, and those are read and searched a
 * portion at a time until there are enough candidates.
 */
public final class Candidates {
    private static final int FIRST = 50;
    private static final int PORTION = 500;

    private final CandidateStore store;
    private final Snapshot.Source snapshots;

    /** The candidates, and all that is known of every provider of the trees that they use. */
    record Found(List<CandidateSearch.Candidate> candidates, Snapshot snapshot) {}

    public Candidates(CandidateStore store, Snapshot.Source snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    Found findWithTrees(Tx tx, CandidateQuery query) {
        Map<String, String> roots = new HashMap<>();
        List<CandidateSearch.Candidate> found = find(tx, query, all -> {}, roots);
        Set<String> used = new LinkedHashSet<>();
        found.forEach(one -> one.amounts().keySet().forEach(id -> used.add(roots.getOrDefault(id, id))));
        Map<String, Snapshot.Node> nodes = new LinkedHashMap<>();
        for (List<String> portion : portions(List.copyOf(used))) {
            nodes.putAll(snapshots.take(tx, portion).nodes());
        }
        return new Found(found, new Snapshot(nodes));
    }

    /** @param order puts the roots of the trees into the order in which they are searched */
    public List<CandidateSearch.Candidate> find(Tx tx, CandidateQuery query, Consumer<List<String>> order) {
        return find(tx, query, order, new HashMap<>());
    }

    /** @param seen is told of every provider that was looked at, with the root of its tree */
    private List<CandidateSearch.Candidate> find(
            Tx tx, CandidateQuery query, Consumer<List<String>> order, Map<String, String> seen) {
        CandidateStore.Trees trees = store.trees(tx, query);
        List<String> roots = new ArrayList<>(trees.roots());
        order.accept(roots);
        Set<String> classes = query.namedClasses();
        Set<String> traits = query.namedTraits();
        traits.add(Snapshot.SHARING);
        Map<String, Snapshot.Node> sharing = roots.isEmpty()
                ? Map.of()
                : snapshots.take(tx, trees.sharing(), classes, traits).nodes();
        CandidateSearch search = new CandidateSearch(query);
        for (List<String> portion : portions(roots)) {
            if (search.isDone()) {
                break;
            }
            Set<String> unread = new LinkedHashSet<>(portion);
            unread.removeAll(trees.sharing());
            Map<String, Snapshot.Node> part = new LinkedHashMap<>(sharing);
            part.putAll(snapshots.take(tx, unread, classes, traits).nodes());
            search.look(new Snapshot(part), portion);
            part.forEach((id, node) -> seen.put(id, node.provider().rootId()));
        }
        return search.found();
    }

    /** The first is small, since most who ask want few. */
    private static List<List<String>> portions(List<String> all) {
        List<List<String>> portions = new ArrayList<>();
        for (int start = 0; start < all.size(); start += portions.getLast().size()) {
            int size = portions.isEmpty() ? FIRST : PORTION;
            portions.add(all.subList(start, Math.min(start + size, all.size())));
        }
        return portions;
    }
}
