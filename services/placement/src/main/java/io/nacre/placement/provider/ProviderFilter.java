package io.nacre.placement.provider;

import io.nacre.base.Tx;
import io.nacre.http.Query;
import io.nacre.placement.Uuids;
import io.nacre.placement.candidate.Group;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.placement.trait.TraitStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which providers a listing shows: by name, identifier, tree, and what they have, are like and belong to. */
public record ProviderFilter(
        @Nullable String name, @Nullable String id, Group group) {
    private static final Map<String, Integer> SINCE =
            Map.of("name", 0, "uuid", 0, "member_of", 3, "resources", 4, "in_tree", 14, "required", 18);

    static ProviderFilter parse(Query query, int minor) {
        Set<String> known = new HashSet<>();
        SINCE.forEach((name, since) -> {
            if (minor >= since) {
                known.add(name);
            }
        });
        query.allow(known);
        String id = query.get("uuid");
        return new ProviderFilter(
                query.get("name"), id == null ? null : Uuids.require("uuid", id), Group.parse(query, "", minor));
    }

    /** What a listing is made from. */
    public record Source(ProviderStore providers, ResourceClassStore classes, TraitStore traits) {

        List<Provider> apply(Tx tx, ProviderFilter filter) {
            classes.requireAll(tx, filter.group().resources().keySet());
            traits.requireAll(tx, filter.group().namedTraits());
            ProviderStore.Wish wish = ProviderStore.Wish.of(filter.group());
            if (filter.name() != null) {
                wish.name(filter.name());
            }
            if (filter.id() != null) {
                wish.id(filter.id());
            }
            if (filter.group().inTree() != null) {
                Optional<Provider> member = providers.find(tx, filter.group().inTree());
                if (member.isEmpty()) {
                    return List.of();
                }
                wish.tree(member.get().rootId());
            }
            return providers.list(tx, wish);
        }
    }
}
