package io.nacre.placement.candidate;

import io.nacre.base.Tx;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

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
        Narrowed narrowed = new Narrowed(tx, sharing);
        if (!query.rootRequired().isEmpty() || !query.rootForbidden().isEmpty()) {
            ProviderStore.Wish root = new ProviderStore.Wish().isRoot();
            query.rootRequired().forEach(trait -> root.trait(Set.of(trait)));
            narrowed.keep(new HashSet<>(
                    providers.roots(tx, root.noTrait(query.rootForbidden())).values()));
        }
        for (Group group : query.groups()) {
            Optional<String> tree = Optional.empty();
            if (group.inTree() != null) {
                tree = providers.find(tx, group.inTree()).map(Provider::rootId);
                if (tree.isEmpty()) {
                    return Trees.NONE;
                }
            }
            for (ProviderStore.Wish wish : wishes(group)) {
                tree.ifPresent(wish::tree);
                boolean alsoShared = tree.isEmpty() || !group.suffix().isEmpty();
                if (!narrowed.isEmpty()) {
                    narrowed.keep(providers.roots(tx, wish), alsoShared);
                }
            }
        }
        return new Trees(narrowed.roots(), new TreeSet<>(sharing.values()));
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

    /** The trees left so far; null while none was ruled out. */
    private final class Narrowed {
        private final Tx tx;
        private final Map<String, String> sharing;
        private @Nullable Set<String> left;

        Narrowed(Tx tx, Map<String, String> sharing) {
            this.tx = tx;
            this.sharing = sharing;
        }

        /** Keeps the trees of these providers and those that they share with. */
        void keep(Map<String, String> able, boolean alsoShared) {
            Set<String> roots = new HashSet<>(able.values());
            Set<String> lenders = new HashSet<>(able.keySet());
            lenders.retainAll(sharing.keySet());
            if (alsoShared && !lenders.isEmpty()) {
                Set<String> common = new HashSet<>();
                aggregates.ofProviders(tx, lenders).values().forEach(common::addAll);
                roots.addAll(providers
                        .roots(tx, new ProviderStore.Wish().aggregate(common))
                        .values());
            }
            keep(roots);
        }

        void keep(Collection<String> roots) {
            if (left == null) {
                left = new TreeSet<>(roots);
            } else {
                left.retainAll(roots instanceof Set ? roots : new HashSet<>(roots));
            }
        }

        boolean isEmpty() {
            return left != null && left.isEmpty();
        }

        Set<String> roots() {
            return left == null ? Set.of() : left;
        }
    }
}
