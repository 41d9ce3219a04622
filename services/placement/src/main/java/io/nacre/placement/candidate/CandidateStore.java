package io.nacre.placement.candidate;

import io.nacre.base.Tx;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Narrows a search down to the trees that can hold the request: those which have, in the tree or shared with it, every
 * class with room for the amount. It may name a tree too many, never one too few; {@link CandidateSearch} decides.
 */
public final class CandidateStore {
    private final ProviderStore providers;
    private final AggregateStore aggregates;

    public CandidateStore(ProviderStore providers, AggregateStore aggregates) {
        this.providers = providers;
        this.aggregates = aggregates;
    }

    /**
     * @param roots of the trees to search, in the order of their identifiers
     * @param sharing the roots of the trees of the providers that share
     */
    record Trees(Set<String> roots, Set<String> sharing) {
        static final Trees NONE = new Trees(Set.of(), Set.of());
    }

    Trees trees(Tx tx, CandidateQuery query) {
        Map<String, String> sharing = providers.roots(tx, new ProviderStore.Wish().trait(Set.of(Snapshot.SHARING)));
        List<ProviderStore.Wish> own = new ArrayList<>();
        List<ProviderStore.Wish> shareable = new ArrayList<>();
        if (!query.rootRequired().isEmpty() || !query.rootForbidden().isEmpty()) {
            ProviderStore.Wish root = new ProviderStore.Wish().isRoot();
            query.rootRequired().forEach(trait -> root.trait(Set.of(trait)));
            own.add(root.noTrait(query.rootForbidden()));
        }
        for (Group group : query.groups()) {
            List<ProviderStore.Wish> wishes = wishes(group);
            if (group.inTree() != null) {
                Optional<Provider> member = providers.find(tx, group.inTree());
                if (member.isEmpty()) {
                    return Trees.NONE;
                }
                wishes.forEach(wish -> wish.tree(member.get().rootId()));
            }
            boolean mayShare = !sharing.isEmpty()
                    && (group.inTree() == null || !group.suffix().isEmpty());
            (mayShare ? shareable : own).addAll(wishes);
        }
        Set<String> roots = null;
        for (ProviderStore.Wish wish : shareable) {
            Set<String> able = withNeighbours(tx, providers.roots(tx, wish), sharing.keySet());
            if (roots == null) {
                roots = able;
            } else {
                roots.retainAll(able);
            }
        }
        if (roots == null || !own.isEmpty()) {
            Set<String> able = new TreeSet<>(providers.treesWith(tx, own));
            able.retainAll(roots == null ? able : roots);
            roots = able;
        }
        return new Trees(new TreeSet<>(roots), new TreeSet<>(sharing.values()));
    }

    /** The trees of these providers, and those with which the ones among them that share do so. */
    private Set<String> withNeighbours(Tx tx, Map<String, String> able, Set<String> sharing) {
        Set<String> roots = new HashSet<>(able.values());
        Set<String> lenders = new HashSet<>(able.keySet());
        lenders.retainAll(sharing);
        if (!lenders.isEmpty()) {
            Set<String> common = new HashSet<>();
            aggregates.ofProviders(tx, lenders).values().forEach(common::addAll);
            roots.addAll(providers
                    .roots(tx, new ProviderStore.Wish().aggregate(common))
                    .values());
        }
        return roots;
    }

    /** What some provider of the tree, or one that shares with it, must answer to. */
    private static List<ProviderStore.Wish> wishes(Group group) {
        if (!group.suffix().isEmpty()) {
            return List.of(ProviderStore.Wish.of(group));
        }
        List<ProviderStore.Wish> wishes = new ArrayList<>();
        group.resources().forEach((resourceClass, amount) -> {
            ProviderStore.Wish wish = new ProviderStore.Wish()
                    .room(resourceClass, amount)
                    .noTrait(group.forbidden())
                    .noAggregate(group.notMemberOf());
            group.memberOf().forEach(wish::aggregateOfTree);
            wishes.add(wish);
        });
        group.required().forEach(any -> wishes.add(new ProviderStore.Wish().trait(any)));
        return wishes;
    }
}
