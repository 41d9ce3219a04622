package io.nacre.placement.candidate;

import io.nacre.base.Tx;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.ProviderStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Says why a search of one group found nothing: what nobody can give by itself, or else which wish was one too many.
 * To be asked only then, for it asks the database anew for each wish.
 */
public final class Shortage {
    private static final int MOST_NAMED = 8;

    private final CandidateStore store;
    private final ProviderStore providers;
    private final InventoryStore inventories;

    public Shortage(CandidateStore store, ProviderStore providers, InventoryStore inventories) {
        this.store = store;
        this.providers = providers;
        this.inventories = inventories;
    }

    /** A line for the log and the operator. */
    public String explain(Tx tx, Group group) {
        List<String> impossible = new ArrayList<>();
        group.resources().forEach((resourceClass, amount) -> {
            if (isNowhere(tx, new ProviderStore.Wish().room(resourceClass, amount))) {
                impossible.add(lack(tx, resourceClass, amount));
            }
        });
        for (Set<String> any : group.required()) {
            if (isNowhere(tx, new ProviderStore.Wish().trait(any))) {
                impossible.add("trait " + named(any) + ": no provider has it");
            }
        }
        for (Set<String> any : group.memberOf()) {
            if (isNowhere(tx, new ProviderStore.Wish().aggregate(any))) {
                impossible.add("aggregate " + named(any) + ": no provider is in it");
            }
        }
        return impossible.isEmpty() ? oneTooMany(tx, group) : joined(impossible);
    }

    private boolean isNowhere(Tx tx, ProviderStore.Wish wish) {
        return providers.roots(tx, wish).isEmpty();
    }

    private String lack(Tx tx, String resourceClass, long amount) {
        String asked = resourceClass + ": " + amount + " asked, ";
        OptionalLong largest = inventories.largest(tx, resourceClass);
        if (largest.isEmpty()) {
            return asked + "no provider has any";
        }
        return largest.getAsLong() < amount
                ? asked + "the largest free is " + largest.getAsLong()
                : asked + "no provider gives it in such a unit";
    }

    /** Puts one wish after the other to the trees, until none is left. */
    private String oneTooMany(Tx tx, Group group) {
        Map<String, Long> resources = new LinkedHashMap<>();
        List<Set<String>> required = new ArrayList<>();
        Set<String> forbidden = new HashSet<>();
        List<Set<String>> memberOf = new ArrayList<>();
        Map<String, Runnable> wishes = new LinkedHashMap<>();
        group.resources()
                .forEach((resourceClass, amount) ->
                        wishes.put(resourceClass + " " + amount, () -> resources.put(resourceClass, amount)));
        group.required().forEach(any -> wishes.put("trait " + named(any), () -> required.add(any)));
        group.forbidden().forEach(trait -> wishes.put("without trait " + trait, () -> forbidden.add(trait)));
        group.memberOf().forEach(any -> wishes.put("aggregate " + named(any), () -> memberOf.add(any)));
        List<String> left = new ArrayList<>();
        for (Map.Entry<String, Runnable> wish : wishes.entrySet()) {
            wish.getValue().run();
            Group sofar = new Group("", resources, required, forbidden, memberOf, Set.of(), group.inTree());
            CandidateQuery query = new CandidateQuery(List.of(sofar), false, List.of(), Set.of(), Set.of(), true, 1);
            int trees = store.trees(tx, query).roots().size();
            left.add(wish.getKey() + " left " + trees);
            if (trees == 0) {
                return "no provider has all of it: " + joined(left);
            }
        }
        return "no provider has all of it together: " + joined(left);
    }

    private static String named(Set<String> any) {
        return String.join(" or ", new TreeSet<>(any).stream().limit(MOST_NAMED).toList());
    }

    /** The last ones when there are many: there it ended. */
    private static String joined(List<String> parts) {
        int more = parts.size() - MOST_NAMED;
        return (more > 0 ? more + " more, " : "")
                + String.join(", ", more > 0 ? parts.subList(more, parts.size()) : parts);
    }
}
