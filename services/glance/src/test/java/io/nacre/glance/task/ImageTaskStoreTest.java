package io.nacre.glance.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.base.Page;
import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class ImageTaskStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

    private final ImageTaskStore store = new ImageTaskStore();
    private final Database database;

    ImageTaskStoreTest(Database database) {
        this.database = database;
    }

    private ImageTask add(String id, String owner, int second) {
        ImageTask task = new ImageTask(
                id,
                ImageTask.API_IMPORT,
                "image-" + id,
                new ImageTask.Origin(owner, null, "req-" + id),
                Json.object().put("wörd", id),
                ImageTask.Outcome.NONE,
                NOON.plusSeconds(second),
                NOON.plusSeconds(second));
        database.run(tx -> store.add(tx, task));
        return task;
    }

    private void tell(String id, ImageTask.Status status, String message, Instant expires) {
        database.run(tx ->
                store.tell(tx, id, new ImageTask.Outcome(status, Json.object().put("a", 1), message, expires), NOON));
    }

    private ImageTask.Outcome outcome(String id) {
        return find(id).orElseThrow().outcome();
    }

    @Test
    void whatIsNotedIsFound() {
        ImageTask task = add("1", "p", 0);
        assertThat(find("1")).contains(task);
        assertThat(ofImage("image-1")).containsExactly(task);
        assertThat(ofImage("image-2")).isEmpty();
    }

    private Optional<ImageTask> find(String id) {
        return database.read(tx -> store.find(tx, id));
    }

    private List<ImageTask> ofImage(String id) {
        return database.read(tx -> store.ofImage(tx, id, NOON));
    }

    @Test
    void aTaskThatIsOverStaysAsItIs() {
        add("1", "p", 0);
        tell("1", ImageTask.Status.PROCESSING, "half way", null);
        tell("1", ImageTask.Status.SUCCESS, "", NOON.plusSeconds(9));
        tell("1", ImageTask.Status.FAILURE, "too late", NOON);
        assertThat(outcome("1"))
                .isEqualTo(new ImageTask.Outcome(
                        ImageTask.Status.SUCCESS, Json.object().put("a", 1), "half way", NOON.plusSeconds(9)));
    }

    @Test
    void listsAreNarrowedAndLeaveOutWhatIsExpired() {
        ImageTask first = add("1", "p", 0);
        add("2", "q", 1);
        add("3", "p", 2);
        tell("3", ImageTask.Status.FAILURE, "no", NOON.plusSeconds(5));
        assertThat(ids("p", null, Map.of(), NOON)).containsExactly("3", "1");
        assertThat(ids(null, null, Map.of(), NOON)).containsExactly("3", "2", "1");
        assertThat(ids(null, ImageTask.Status.FAILURE, Map.of(), NOON)).containsExactly("3");
        assertThat(ids(null, null, Map.of("image_id", "image-2", "owner", "q"), NOON))
                .containsExactly("2");
        Instant later = NOON.plus(Duration.ofMinutes(1));
        assertThat(ids("p", null, Map.of(), later)).containsExactly(first.id());
        assertThat(database.<Integer>write(tx -> store.forget(tx, later))).isEqualTo(1);
        assertThat(find("3")).isEmpty();
    }

    private List<String> ids(String owner, ImageTask.Status status, Map<String, String> texts, Instant now) {
        Page page = new Page(10, null, List.of(new Page.Sort("created_at", false)), false);
        return database.read(tx -> store.list(tx, owner, status, texts, page, now)).stream()
                .map(ImageTask::id)
                .toList();
    }
}
