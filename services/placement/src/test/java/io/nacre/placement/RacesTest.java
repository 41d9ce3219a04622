package io.nacre.placement;

import static io.nacre.placement.PlacementServer.claim;
import static io.nacre.placement.PlacementServer.path;
import static io.nacre.placement.PlacementServer.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.placement.PlacementServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests that meet each other. */
@EveryEngine(migrations = Placement.MIGRATIONS)
class RacesTest {
    private static final int ROUNDS = 8;

    private PlacementServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new PlacementServer(database, InstantSource.system());
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @SafeVarargs
    private static List<Answer> together(Callable<Answer>... requests) throws Exception {
        CyclicBarrier ready = new CyclicBarrier(requests.length);
        List<Answer> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> running = new ArrayList<>();
            for (Callable<Answer> request : requests) {
                running.add(executor.submit(() -> {
                    ready.await();
                    return request.call();
                }));
            }
            for (Future<Answer> one : running) {
                answers.add(one.get());
            }
        }
        return answers;
    }

    private static List<Integer> statuses(List<Answer> answers) {
        return answers.stream().map(Answer::status).toList();
    }

    @Test
    void theLastUnitIsGivenOnce() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            int provider = round;
            cloud.provider(provider, null);
            cloud.inventory(provider, "VCPU:1");
            List<Answer> answers = together(
                    () -> cloud.put("/allocations/" + uuid(provider * 10 + 1000), claim(provider, "'VCPU': 1", null)),
                    () -> cloud.put("/allocations/" + uuid(provider * 10 + 1001), claim(provider, "'VCPU': 1", null)),
                    () -> cloud.put("/allocations/" + uuid(provider * 10 + 1002), claim(provider, "'VCPU': 1", null)));
            assertThat(statuses(answers)).containsExactlyInAnyOrder(204, 409, 409);
            assertThat(cloud.get(path(provider) + "/usages").number("/usages/VCPU"))
                    .isEqualTo(1);
        }
    }

    @Test
    void aConsumerIsMadeOnce() throws Exception {
        cloud.provider(1, null);
        cloud.inventory(1, "VCPU:100");
        for (int round = 0; round < ROUNDS; round++) {
            String consumer = "/allocations/" + uuid(2000 + round);
            List<Answer> answers = together(
                    () -> cloud.put(consumer, claim(1, "'VCPU': 1", null)),
                    () -> cloud.put(consumer, claim(1, "'VCPU': 1", null)));
            assertThat(statuses(answers)).containsExactlyInAnyOrder(204, 409);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 409)
                    .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("placement.concurrent_update"));
            assertThat(cloud.get(consumer).number("/consumer_generation")).isEqualTo(1);
        }
    }

    @Test
    void oneGenerationIsChangedOnce() throws Exception {
        cloud.provider(1, null);
        for (int round = 0; round < ROUNDS; round++) {
            String body = "{'resource_provider_generation': " + round + ", 'inventories': {'VCPU': {'total': 4}}}";
            List<Answer> answers = together(
                    () -> cloud.put(path(1) + "/inventories", body), () -> cloud.put(path(1) + "/inventories", body));
            assertThat(statuses(answers)).containsExactlyInAnyOrder(200, 409);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 409)
                    .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("placement.concurrent_update"));
        }
    }

    @Test
    void whatIsClaimedIsNotRemoved() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            int provider = round;
            cloud.provider(provider, null);
            cloud.inventory(provider, "VCPU:1");
            String consumer = "/allocations/" + uuid(3000 + provider);
            List<Answer> answers = together(
                    () -> cloud.put(consumer, claim(provider, "'VCPU': 1", null)), () -> cloud.delete(path(provider)));
            assertThat(statuses(answers)).isIn(List.of(204, 409), List.of(400, 204));
            assertThat(cloud.get(consumer).json().get("allocations"))
                    .hasSize(answers.getFirst().status() == 204 ? 1 : 0);
        }
    }

    @Test
    void noChildLosesItsParent() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            int parent = round;
            cloud.provider(parent, null);
            String child = "{'name': 'child" + round + "', 'parent_provider_uuid': '" + uuid(parent) + "'}";
            List<Answer> answers =
                    together(() -> cloud.post("/resource_providers", child), () -> cloud.delete(path(parent)));
            assertThat(statuses(answers)).isIn(List.of(200, 409), List.of(400, 204));
        }
    }

    @Test
    void noTwoTreesGrowIntoEachOther() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            int one = round * 10;
            int two = round * 10 + 1;
            cloud.provider(one, null);
            cloud.provider(two, null);
            List<Answer> answers = together(() -> below(one, two), () -> below(two, one));
            assertThat(statuses(answers)).containsExactlyInAnyOrder(200, 400);
        }
        // And within one tree: each below what lies below the other.
        for (int round = 1; round <= ROUNDS; round++) {
            int top = 1000 + round * 10;
            cloud.provider(top, null);
            cloud.provider(top + 1, top);
            cloud.provider(top + 2, top);
            cloud.provider(top + 3, top + 1);
            cloud.provider(top + 4, top + 2);
            List<Answer> answers = together(() -> below(top + 1, top + 4), () -> below(top + 2, top + 3));
            assertThat(statuses(answers)).containsExactlyInAnyOrder(200, 400);
        }
    }

    private Answer below(int provider, int parent) {
        return cloud.put(
                path(provider), "{'name': 'p" + provider + "', 'parent_provider_uuid': '" + uuid(parent) + "'}");
    }

    @Test
    void aNameIsTakenOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String body = "{'name': 'same" + round + "'}";
            List<Answer> answers = together(
                    () -> cloud.post("/resource_providers", body), () -> cloud.post("/resource_providers", body));
            assertThat(statuses(answers)).containsExactlyInAnyOrder(200, 409);
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 409)
                    .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("placement.duplicate_name"));
        }
    }
}
