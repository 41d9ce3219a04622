package io.nacre.placement.candidate;

import io.nacre.base.Tx;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.inventory.Inventory;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.Provider;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.trait.TraitStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Some whole trees of providers: what each has, what of it is used, what it is like, and where it belongs. */
public record Snapshot(Map<String, Node> nodes) {
    static final String SHARING = "MISC_SHARES_VIA_AGGREGATE";

    /** One provider. */
    public record Node(
            Provider provider,
            Map<String, Inventory> inventories,
            Map<String, Long> used,
            Set<String> traits,
            Set<String> aggregates) {

        public String id() {
            return provider.id();
        }

        /** Whether it can give this much of the class beside what it gave already. */
        boolean fits(String resourceClass, long amount) {
            Inventory inventory = inventories.get(resourceClass);
            return inventory != null && inventory.fits(amount, used.getOrDefault(resourceClass, 0L));
        }
    }

    /** Where a snapshot is taken from. */
    public record Source(
            ProviderStore providers, InventoryStore inventories, TraitStore traits, AggregateStore aggregates) {

        /** Every provider of the trees with these roots, with all that is known of it. */
        Snapshot take(Tx tx, Collection<String> rootIds) {
            return take(tx, rootIds, null, null);
        }

        /**
         * Every provider of the trees with these roots, with what a search asks for.
         *
         * @param classes null for every resource class
         * @param names null for every trait
         */
        Snapshot take(
                Tx tx,
                Collection<String> rootIds,
                @Nullable Collection<String> classes,
                @Nullable Collection<String> names) {
            List<Provider> found = providers.trees(tx, rootIds);
            List<String> ids = found.stream().map(Provider::id).toList();
            Map<String, Map<String, Inventory>> inventory = inventories.ofProviders(tx, ids, classes);
            Map<String, Map<String, Long>> used = inventories.used(tx, ids, classes);
            Map<String, Set<String>> traitsOf = traits.ofProviders(tx, ids, names);
            Map<String, Set<String>> aggregatesOf = aggregates.ofProviders(tx, ids);
            Map<String, Node> nodes = new LinkedHashMap<>();
            for (Provider provider : found) {
                String id = provider.id();
                nodes.put(
                        id,
                        new Node(
                                provider,
                                inventory.getOrDefault(id, Map.of()),
                                used.getOrDefault(id, Map.of()),
                                traitsOf.getOrDefault(id, Set.of()),
                                aggregatesOf.getOrDefault(id, Set.of())));
            }
            return new Snapshot(nodes);
        }
    }

    public @Nullable Node node(String id) {
        return nodes.get(id);
    }

    /** The providers that lend to others. */
    Stream<Node> sharing() {
        return nodes.values().stream().filter(node -> node.traits().contains(SHARING));
    }

    /** The providers of each tree, by root. */
    Map<String, List<Node>> trees() {
        Map<String, List<Node>> trees = new LinkedHashMap<>();
        nodes.values()
                .forEach(node -> trees.computeIfAbsent(node.provider().rootId(), root -> new ArrayList<>())
                        .add(node));
        return trees;
    }

    /** Whether a sharing provider shares with some provider of the tree: they have an aggregate in common. */
    static boolean sharesWith(Node sharing, List<Node> tree) {
        return tree.stream().anyMatch(node -> node.aggregates().stream().anyMatch(sharing.aggregates()::contains));
    }
}
