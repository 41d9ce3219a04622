package io.nacre.placement.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.placement.inventory.Inventory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The search against one that tries every provider for every wish and asks of each outcome whether it is right. */
class CandidateSearchTest {

    record Outcome(Map<String, Map<String, Long>> amounts, Map<String, Set<String>> mappings) {}

    @Property(tries = 4000)
    void itFindsWhatTryingEverythingFinds(@ForAll long seed) {
        SampleCloud cloud = new SampleCloud(seed);
        CandidateQuery query = cloud.query();
        CandidateSearch search = new CandidateSearch(query);
        search.look(cloud.snapshot, cloud.snapshot.trees().keySet());
        List<Outcome> found = search.found().stream()
                .map(one -> new Outcome(one.amounts(), one.mappings()))
                .toList();
        assertThat(found).as(query.toString()).doesNotHaveDuplicates();
        assertThat(new HashSet<>(found)).as(query.toString()).isEqualTo(new Oracle(cloud.snapshot, query).all());
    }

    @Property(tries = 300)
    void aLimitTakesSomeOfThem(@ForAll long seed) {
        SampleCloud cloud = new SampleCloud(seed);
        CandidateQuery all = cloud.query();
        CandidateQuery two = new CandidateQuery(
                all.groups(),
                all.isolate(),
                all.sameSubtree(),
                all.rootRequired(),
                all.rootForbidden(),
                all.nested(),
                2);
        CandidateSearch whole = new CandidateSearch(all);
        whole.look(cloud.snapshot, cloud.snapshot.trees().keySet());
        CandidateSearch limited = new CandidateSearch(two);
        limited.look(cloud.snapshot, cloud.snapshot.trees().keySet());
        assertThat(limited.found()).hasSize(Math.min(2, whole.found().size()));
        assertThat(whole.found()).containsAll(limited.found());
    }

    /** Every way to give each wish to some provider, of which those are kept that break no rule. */
    private record Oracle(Snapshot snapshot, CandidateQuery query) {

        /** One wish: a class of the group without a suffix, or the whole of a group with one. */
        record Wish(Group group, Map<String, Long> resources) {}

        Set<Outcome> all() {
            List<Wish> wishes = new ArrayList<>();
            for (Group group : query.groups()) {
                if (group.suffix().isEmpty()) {
                    group.resources().forEach((name, amount) -> wishes.add(new Wish(group, Map.of(name, amount))));
                } else {
                    wishes.add(new Wish(group, group.resources()));
                }
            }
            Set<Outcome> kept = new HashSet<>();
            each(wishes.size(), new ArrayList<>(), chosen -> {
                boolean right = snapshot.nodes().values().stream()
                        .filter(node -> node.provider().parentId() == null)
                        .anyMatch(anchor -> isRight(anchor, wishes, chosen));
                if (right && fits(wishes, chosen)) {
                    kept.add(outcome(wishes, chosen));
                }
            });
            return kept;
        }

        private void each(int left, List<Snapshot.Node> chosen, Consumer<List<Snapshot.Node>> use) {
            if (left == 0) {
                use.accept(List.copyOf(chosen));
                return;
            }
            for (Snapshot.Node node : snapshot.nodes().values()) {
                chosen.add(node);
                each(left - 1, chosen, use);
                chosen.removeLast();
            }
        }

        private String rootOf(String id) {
            return Objects.requireNonNull(snapshot.node(id)).provider().rootId();
        }

        private boolean isOwn(Snapshot.Node anchor, Snapshot.Node node) {
            return node.provider().rootId().equals(anchor.id());
        }

        private boolean isLent(Snapshot.Node anchor, Snapshot.Node node) {
            return node.traits().contains("MISC_SHARES_VIA_AGGREGATE")
                    && snapshot.nodes().values().stream()
                            .filter(other -> isOwn(anchor, other))
                            .anyMatch(other -> other.aggregates().stream().anyMatch(node.aggregates()::contains));
        }

        private boolean isRight(Snapshot.Node anchor, List<Wish> wishes, List<Snapshot.Node> chosen) {
            if (!anchor.traits().containsAll(query.rootRequired())
                    || anchor.traits().stream().anyMatch(query.rootForbidden()::contains)) {
                return false;
            }
            Set<String> apart = new HashSet<>();
            Map<String, Set<String>> bySuffix = new HashMap<>();
            Set<String> togetherTraits = new HashSet<>();
            Set<String> roots = new HashSet<>();
            Set<String> giving = new HashSet<>();
            for (int i = 0; i < wishes.size(); i++) {
                Group group = wishes.get(i).group();
                Snapshot.Node node = chosen.get(i);
                if (!isOwn(anchor, node) && !isLent(anchor, node)) {
                    return false;
                }
                boolean right = group.suffix().isEmpty() ? rightShare(anchor, group, node) : rightWhole(group, node);
                if (!right || (!group.suffix().isEmpty() && !apart.add(node.id()) && query.isolate())) {
                    return false;
                }
                if (group.suffix().isEmpty()) {
                    togetherTraits.addAll(node.traits());
                }
                if (!wishes.get(i).resources().isEmpty() && giving.add(node.id()) && !roots.add(rootOf(node.id()))) {
                    if (!query.nested()) {
                        return false;
                    }
                }
                bySuffix.computeIfAbsent(group.suffix(), s -> new HashSet<>()).add(node.id());
            }
            return query.groups().stream()
                            .filter(group -> group.suffix().isEmpty())
                            .allMatch(group -> hasEach(togetherTraits, group.required()))
                    && query.sameSubtree().stream().allMatch(set -> {
                        Set<String> ids = new HashSet<>();
                        set.forEach(suffix -> ids.addAll(bySuffix.getOrDefault(suffix, Set.of())));
                        return ids.stream()
                                .anyMatch(top -> ids.stream()
                                        .allMatch(id -> ancestors(id).contains(top)));
                    });
        }

        private Set<String> ancestors(String id) {
            Set<String> ancestors = new HashSet<>(Set.of(id));
            String parent = Objects.requireNonNull(snapshot.node(id)).provider().parentId();
            if (parent != null) {
                ancestors.addAll(ancestors(parent));
            }
            return ancestors;
        }

        private static boolean hasEach(Set<String> has, List<Set<String>> wanted) {
            return wanted.stream().allMatch(any -> any.stream().anyMatch(has::contains));
        }

        private static boolean isNone(Set<String> has, Set<String> forbidden) {
            return has.stream().noneMatch(forbidden::contains);
        }

        /** A group with a suffix is the affair of one provider alone. */
        private boolean rightWhole(Group group, Snapshot.Node node) {
            return hasEach(node.traits(), group.required())
                    && isNone(node.traits(), group.forbidden())
                    && hasEach(node.aggregates(), group.memberOf())
                    && isNone(node.aggregates(), group.notMemberOf())
                    && (group.inTree() == null || rootOf(group.inTree()).equals(rootOf(node.id())));
        }

        private boolean rightShare(Snapshot.Node anchor, Group group, Snapshot.Node node) {
            boolean member = hasEach(node.aggregates(), group.memberOf())
                    || (isOwn(anchor, node) && hasEach(anchor.aggregates(), group.memberOf()));
            boolean place = group.inTree() == null
                    || (isOwn(anchor, node) && rootOf(group.inTree()).equals(anchor.id()));
            return member
                    && place
                    && isNone(node.traits(), group.forbidden())
                    && isNone(node.aggregates(), group.notMemberOf())
                    && isNone(anchor.aggregates(), group.notMemberOf());
        }

        private boolean fits(List<Wish> wishes, List<Snapshot.Node> chosen) {
            Map<String, Long> sums = new HashMap<>();
            for (int i = 0; i < wishes.size(); i++) {
                Snapshot.Node node = chosen.get(i);
                for (Map.Entry<String, Long> wish : wishes.get(i).resources().entrySet()) {
                    Inventory inventory = node.inventories().get(wish.getKey());
                    if (inventory == null) {
                        return false;
                    }
                    long amount = wish.getValue();
                    long sum = sums.merge(node.id() + wish.getKey(), amount, Long::sum);
                    double room = (inventory.total() - inventory.reserved()) * inventory.allocationRatio()
                            - node.used().getOrDefault(wish.getKey(), 0L);
                    if (amount < inventory.minUnit()
                            || amount % inventory.stepSize() != 0
                            || sum > inventory.maxUnit()
                            || sum > room) {
                        return false;
                    }
                }
            }
            return true;
        }

        private static Outcome outcome(List<Wish> wishes, List<Snapshot.Node> chosen) {
            Map<String, Map<String, Long>> amounts = new LinkedHashMap<>();
            Map<String, Set<String>> mappings = new LinkedHashMap<>();
            for (int i = 0; i < wishes.size(); i++) {
                String id = chosen.get(i).id();
                wishes.get(i)
                        .resources()
                        .forEach((name, amount) -> amounts.computeIfAbsent(id, one -> new LinkedHashMap<>())
                                .merge(name, amount, Long::sum));
                mappings.computeIfAbsent(wishes.get(i).group().suffix(), s -> new LinkedHashSet<>())
                        .add(id);
            }
            return new Outcome(amounts, mappings);
        }
    }
}
