package io.nacre.placement.candidate;

import io.nacre.placement.inventory.Inventory;
import io.nacre.placement.provider.Provider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A small cloud and questions to it, made from a seed: everything a query can name is there more than once. */
final class SampleCloud {
    static final List<String> CLASSES = List.of("VCPU", "DISK_GB", "VGPU");
    static final List<String> TRAITS = List.of("CUSTOM_A", "CUSTOM_B", "CUSTOM_C");

    private final Random random;
    final Snapshot snapshot;

    SampleCloud(long seed) {
        random = new Random(seed);
        int providers = 2 + random.nextInt(5);
        Map<String, Snapshot.Node> nodes = new LinkedHashMap<>();
        for (int i = 0; i < providers; i++) {
            Snapshot.Node parent = i > 0 && random.nextInt(100) < 55 ? pick(List.copyOf(nodes.values())) : null;
            Snapshot.Node node = node(provider(i), parent);
            nodes.put(node.id(), node);
        }
        snapshot = new Snapshot(nodes);
    }

    static String provider(int number) {
        return "%08d-0000-4000-8000-000000000000".formatted(number);
    }

    static String aggregate(int number) {
        return "a%07d-0000-4000-8000-000000000000".formatted(number);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private Set<String> some(List<String> from, int percent) {
        Set<String> chosen = new TreeSet<>();
        from.forEach(one -> {
            if (random.nextInt(100) < percent) {
                chosen.add(one);
            }
        });
        return chosen;
    }

    private Snapshot.Node node(String id, Snapshot.@Nullable Node parent) {
        Provider provider = new Provider(
                id,
                id,
                0,
                parent == null ? null : parent.id(),
                parent == null ? id : parent.provider().rootId(),
                Instant.EPOCH,
                Instant.EPOCH);
        Map<String, Inventory> inventories = new LinkedHashMap<>();
        Map<String, Long> used = new LinkedHashMap<>();
        for (String resourceClass : some(CLASSES, 60)) {
            int total = 1 + random.nextInt(6);
            inventories.put(
                    resourceClass,
                    new Inventory(
                            total,
                            random.nextInt(4) == 0 ? random.nextInt(total) : 0,
                            1 + random.nextInt(2),
                            2 + random.nextInt(5),
                            1 + random.nextInt(2),
                            pick(List.of(1.0, 1.0, 1.5, 0.5, 4.0))));
            if (random.nextInt(3) == 0) {
                used.put(resourceClass, 1L + random.nextInt(3));
            }
        }
        Set<String> traits = some(TRAITS, 40);
        if (random.nextInt(100) < 30) {
            traits.add(Snapshot.SHARING);
        }
        return new Snapshot.Node(
                provider, inventories, used, traits, some(List.of(aggregate(1), aggregate(2), aggregate(3)), 30));
    }

    CandidateQuery query() {
        List<Group> groups = new ArrayList<>();
        int suffixed = random.nextInt(3);
        if (suffixed == 0 || random.nextBoolean()) {
            groups.add(group("", false));
        }
        boolean bare = suffixed == 2 && random.nextBoolean();
        for (int i = 1; i <= suffixed; i++) {
            groups.add(group("_" + i, bare && i == 1));
        }
        List<Set<String>> subtrees = new ArrayList<>();
        if (bare || (suffixed == 2 && random.nextBoolean())) {
            subtrees.add(new LinkedHashSet<>(List.of("_1", "_2")));
        }
        return new CandidateQuery(
                groups,
                random.nextBoolean(),
                subtrees,
                some(TRAITS, 10),
                some(TRAITS, 10),
                random.nextInt(4) > 0,
                Integer.MAX_VALUE);
    }

    private Group group(String suffix, boolean bare) {
        Map<String, Long> resources = new LinkedHashMap<>();
        if (!bare) {
            List<String> classes = List.copyOf(some(CLASSES, 45));
            (classes.isEmpty() ? List.of(pick(CLASSES)) : classes)
                    .forEach(resourceClass -> resources.put(resourceClass, 1L + random.nextInt(3)));
        }
        List<Set<String>> required = new ArrayList<>();
        some(TRAITS, 15).forEach(trait -> required.add(Set.of(trait)));
        if (random.nextInt(5) == 0) {
            required.add(Set.of("CUSTOM_A", "CUSTOM_B"));
        }
        List<Set<String>> memberOf = new ArrayList<>();
        if (random.nextInt(5) == 0) {
            memberOf.add(random.nextBoolean() ? Set.of(aggregate(1)) : Set.of(aggregate(1), aggregate(2)));
        }
        if (random.nextInt(8) == 0) {
            memberOf.add(Set.of(aggregate(2)));
        }
        return new Group(
                suffix,
                resources,
                required,
                some(TRAITS, 10),
                memberOf,
                random.nextInt(6) == 0 ? Set.of(aggregate(3)) : Set.of(),
                random.nextInt(8) == 0 ? pick(List.copyOf(snapshot.nodes().keySet())) : null);
    }
}
