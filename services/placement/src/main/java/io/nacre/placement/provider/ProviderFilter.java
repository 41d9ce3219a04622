package io.nacre.placement.provider;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.http.Query;
import io.nacre.placement.candidate.Group;
import io.nacre.placement.candidate.Snapshot;
import io.nacre.placement.resourceclass.ResourceClassStore;
import io.nacre.placement.trait.TraitStore;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which providers a listing shows: by name, identifier, tree, and what they have, are like and belong to. */
public record ProviderFilter(
        @Nullable String name,
        @Nullable String id,
        @Nullable String inTree,
        Group group) {
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
        if (id != null && !id.matches("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")) {
            throw Fault.invalid("Invalid query string parameters: '" + id + "' is not a 'uuid'");
        }
        return new ProviderFilter(query.get("name"), id, query.get("in_tree"), Group.parse(query, "", minor));
    }

    /** What a listing is made from. */
    public record Source(Snapshot.Source snapshots, ResourceClassStore classes, TraitStore traits) {

        List<Provider> apply(Tx tx, ProviderFilter filter) {
            classes.requireAll(tx, filter.group().resources().keySet());
            traits.requireAll(tx, filter.group().namedTraits());
            Snapshot snapshot = snapshots.take(tx);
            return snapshot.nodes().values().stream()
                    .filter(node -> filter.matches(snapshot, node))
                    .map(Snapshot.Node::provider)
                    .toList();
        }
    }

    private boolean matches(Snapshot snapshot, Snapshot.Node node) {
        return (name == null || name.equals(node.provider().name()))
                && (id == null || id.equals(node.id()))
                && (inTree == null || isInTree(snapshot, node, inTree))
                && group.accepts(node, node.aggregates())
                && group.fits(node);
    }

    private static boolean isInTree(Snapshot snapshot, Snapshot.Node node, String member) {
        Snapshot.Node named = snapshot.node(member);
        return named != null && named.provider().rootId().equals(node.provider().rootId());
    }
}
