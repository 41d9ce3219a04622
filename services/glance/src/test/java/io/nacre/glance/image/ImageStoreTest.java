package io.nacre.glance.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.base.Page;
import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class ImageStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

    private final ImageStore images = new ImageStore();
    private final Database database;

    ImageStoreTest(Database database) {
        this.database = database;
    }

    private Image create(String id, String owner, String visibility, Map<String, String> properties, String... tags) {
        Image image = new Image(
                id,
                1,
                ImageState.QUEUED,
                visibility,
                owner,
                new Image.Attributes("name " + id, "raw", "bare", 1, 2, false, false),
                Image.Data.NONE,
                properties,
                Set.of(tags),
                List.of(),
                NOON.plusSeconds(id.charAt(0)),
                NOON.plusSeconds(id.charAt(0)));
        database.run(tx -> images.create(tx, image));
        return image;
    }

    private List<String> list(String project, String visibility, Map<String, String> fields, String... tags) {
        ImageFilter filter = new ImageFilter(project, false, "accepted", visibility, false, List.of(tags), fields);
        Page page = new Page(100, null, List.of(new Page.Sort("created_at", true)), false);
        return database.read(tx -> images.list(tx, filter, page)).stream()
                .map(Image::id)
                .toList();
    }

    @Test
    void anImageComesBackAsItWasCreated() {
        Image image = create("a", "p", "shared", Map.of("Key", "Ü", "key", ""), "t", "T");
        Image found = database.read(tx -> images.require(tx, "a"));
        assertThat(found).isEqualTo(image);
    }

    @Test
    void anIdIsNeverUsedAgain() {
        Image image = create("a", "p", "shared", Map.of());
        database.run(tx -> images.save(tx, image.in(ImageState.DELETED), NOON));
        Optional<Image> found = database.read(tx -> images.find(tx, "a"));
        assertThat(found).isEmpty();
        assertThatThrownBy(() -> create("a", "p", "shared", Map.of())).isInstanceOf(FaultException.class);
    }

    @Test
    void aChangeDecidedOnAnOlderStateIsNotWritten() {
        Image image = create("a", "p", "shared", Map.of());
        database.run(tx -> images.save(tx, image.visibleAs("public"), NOON));
        assertThatThrownBy(() -> database.run(tx -> images.save(tx, image.visibleAs("private"), NOON)))
                .isInstanceOf(FaultException.class);
        assertThat(database.read(tx -> images.require(tx, "a")).visibility()).isEqualTo("public");
    }

    @Test
    void filtersMeanTheSameEverywhere() {
        create("a", "p", "private", Map.of("colour", "red"), "x", "y");
        create("b", "q", "private", Map.of("colour", "red"), "x");
        create("c", "q", "community", Map.of());
        create("d", "q", "public", Map.of("colour", "RED"), "x");
        assertThat(list("p", null, Map.of())).containsExactly("a", "d");
        assertThat(list("p", "community", Map.of())).containsExactly("c");
        assertThat(list("q", null, Map.of())).containsExactly("b", "c", "d");
        assertThat(list("p", null, Map.of("colour", "red"))).containsExactly("a");
        assertThat(list("p", null, Map.of(), "x", "y")).containsExactly("a");
        assertThat(list("p", null, Map.of("name", "in:name a,name d"))).containsExactly("a", "d");
        assertThat(list("p", null, Map.of("name", "NAME A"))).isEmpty();
        assertThat(list("p", null, Map.of("min_ram_min", "2", "min_disk", "1"))).containsExactly("a", "d");
        assertThat(list("p", null, Map.of("protected", "true"))).isEmpty();
        assertThat(list("p", null, Map.of("created_at", "gt:" + NOON.plusSeconds('b'))))
                .containsExactly("d");
    }
}
