package io.nacre.placement.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.placement.Placement;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.provider.ProviderStore;
import io.nacre.placement.trait.TraitStore;
import io.nacre.testkit.EveryEngine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the database says of where to look, against looking everywhere. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class CandidateStoreTest {
    private static final int CLOUDS = 25;
    private static final int QUERIES = 12;

    private final Database database;
    private final ProviderStore providers = new ProviderStore();
    private final InventoryStore inventories = new InventoryStore();
    private final TraitStore traits = new TraitStore();
    private final AggregateStore aggregates = new AggregateStore();
    private final Snapshot.Source source = new Snapshot.Source(providers, inventories, traits, aggregates);
    private final CandidateStore store = new CandidateStore(providers, aggregates);
    private final Candidates candidates = new Candidates(store, source);

    CandidateStoreTest(Database database) {
        this.database = database;
    }

    private void write(Tx tx, SampleCloud cloud) {
        for (String table : List.of("provider", "inventory", "allocation", "provider_trait", "provider_aggregate")) {
            Sql.in(tx).execute("delete from placement_" + table);
        }
        for (Snapshot.Node node : cloud.snapshot.nodes().values()) {
            providers.create(tx, node.provider());
            inventories.replace(tx, node.id(), node.inventories());
            traits.setOfProvider(tx, node.id(), node.traits());
            aggregates.setOfProvider(tx, node.id(), node.aggregates());
            // Two consumers share what is used, so that the sum counts.
            node.used().forEach((name, amount) -> {
                Sql.in(tx).execute("insert into placement_allocation values (?, ?, ?, ?)", "one", node.id(), name, 1L);
                Sql.in(tx)
                        .execute(
                                "insert into placement_allocation values (?, ?, ?, ?)",
                                "two",
                                node.id(),
                                name,
                                amount - 1);
            });
        }
    }

    @Test
    void nothingIsMissedAndLittleIsRead() {
        int searched = 0;
        int needed = 0;
        for (long seed = 0; seed < CLOUDS; seed++) {
            SampleCloud cloud = new SampleCloud(seed);
            database.run(tx -> write(tx, cloud));
            for (int i = 0; i < QUERIES; i++) {
                CandidateQuery query = cloud.query();
                CandidateSearch everywhere = new CandidateSearch(query);
                everywhere.look(cloud.snapshot, cloud.snapshot.trees().keySet());
                Random random = new Random(seed);
                List<CandidateSearch.Candidate> found =
                        database.read(tx -> candidates.find(tx, query, roots -> Collections.shuffle(roots, random)));
                Candidates.Found whole = database.read(tx -> candidates.findWithTrees(tx, query));
                assertThat(outcomes(found))
                        .as("seed " + seed + " " + query)
                        .isEqualTo(outcomes(everywhere.found()))
                        .isEqualTo(outcomes(whole.candidates()));
                int trees = database.read(tx -> store.trees(tx, query).roots().size());
                searched += trees;
                needed += (int) everywhere.found().stream()
                        .map(CandidateSearch.Candidate::rootId)
                        .distinct()
                        .count();
                whole.candidates()
                        .forEach(one -> one.amounts()
                                .keySet()
                                .forEach(id ->
                                        assertThat(whole.snapshot().node(id)).isEqualTo(cloud.snapshot.node(id))));
            }
        }
        assertThat(needed).isPositive();
        assertThat(searched).isLessThan(needed * 2);
    }

    private static Set<List<Object>> outcomes(List<CandidateSearch.Candidate> candidates) {
        Set<List<Object>> outcomes = new HashSet<>();
        candidates.forEach(one -> outcomes.add(List.of(one.amounts(), one.mappings())));
        return outcomes;
    }

    @Test
    void aListingCountsRoomAsTheSearchDoes() {
        for (long seed = 0; seed < CLOUDS; seed++) {
            SampleCloud cloud = new SampleCloud(seed);
            database.run(tx -> write(tx, cloud));
            for (int i = 0; i < QUERIES; i++) {
                for (Group group : cloud.query().groups()) {
                    List<String> expected = new ArrayList<>();
                    cloud.snapshot.nodes().values().stream()
                            .filter(group::isMetBy)
                            .forEach(node -> expected.add(node.id()));
                    assertThat(database.read(tx -> providers.roots(tx, ProviderStore.Wish.of(group)))
                                    .keySet())
                            .as("seed " + seed + " " + group)
                            .containsExactlyInAnyOrderElementsOf(expected);
                }
            }
        }
    }
}
