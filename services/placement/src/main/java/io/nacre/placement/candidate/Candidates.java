package io.nacre.placement.candidate;

import io.nacre.base.Tx;
import java.util.ArrayList;
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
    private static final int PORTION = 200;

    private final CandidateStore store;
    private final Snapshot.Source snapshots;

    /** The candidates, and what is known of every provider of every tree that was searched. */
    public record Found(List<CandidateSearch.Candidate> candidates, Snapshot snapshot) {}

    public Candidates(CandidateStore store, Snapshot.Source snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /** @param order puts the roots of the trees into the order in which they are searched */
    public Found find(Tx tx, CandidateQuery query, Consumer<List<String>> order) {
        CandidateStore.Trees trees = store.trees(tx, query);
        List<String> roots = new ArrayList<>(trees.roots());
        order.accept(roots);
        Map<String, Snapshot.Node> nodes = new LinkedHashMap<>();
        Map<String, Snapshot.Node> sharing = trees.roots().isEmpty()
                ? Map.of()
                : snapshots.take(tx, trees.sharing()).nodes();
        CandidateSearch search = new CandidateSearch(query);
        for (int start = 0; start < roots.size() && !search.isDone(); start += PORTION) {
            List<String> portion = roots.subList(start, Math.min(start + PORTION, roots.size()));
            Set<String> unread = new LinkedHashSet<>(portion);
            unread.removeAll(trees.sharing());
            Map<String, Snapshot.Node> part = new LinkedHashMap<>(sharing);
            part.putAll(snapshots.take(tx, unread).nodes());
            search.look(new Snapshot(part), portion);
            nodes.putAll(part);
        }
        return new Found(search.found(), new Snapshot(nodes));
    }
}
