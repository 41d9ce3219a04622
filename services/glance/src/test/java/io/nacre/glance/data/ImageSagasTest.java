package io.nacre.glance.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.SampleRows;
import io.nacre.glance.store.Stores;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import io.nacre.testkit.Eventually;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.SagaSweep;
import io.nacre.testkit.SagaWorld;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps {@link ImageDelete}, {@link ImageImport}, {@link ImageCopy} and {@link LocationImport}. */
@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class ImageSagasTest {
    private final SagaSweep sweep;

    @TempDir
    Path folder;

    ImageSagasTest(SagaSweep sweep) {
        this.sweep = sweep;
    }

    private void run(BiFunction<Transactions, Tasks, SagaWorld> maker) {
        sweep.run((database, tasks) -> {
            clear();
            return maker.apply(database, tasks);
        });
    }

    private void clear() throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void aDeletedImageLeavesNothing() {
        run((requests, tasks) -> new ImageWorld(requests, sweep.database(), tasks, folder, "") {
            @Override
            public Saga<?> saga() {
                return deletion.saga();
            }

            @Override
            public void prepare() {
                put(stores.byDefault(), Location.Status.ACTIVE, ImageState.ACTIVE);
            }

            @Override
            public void begin() {
                requests.run(tx -> deletion.start(tx, Caller.nacre("req-1"), image(tx)));
            }

            @Override
            public void assertDone() {
                assertThat(keys(stores.byDefault())).isEmpty();
                assertTakenBack();
            }

            // The image is gone for its owner from the first commit on; what a task left the cleanup removes.
            @Override
            public void assertTakenBack() {
                assertEmpty();
                assertThat(database.<Boolean>read(tx -> images.find(tx, ID).isEmpty()))
                        .isTrue();
                assertThat(bytesUsed()).isZero();
            }
        });
    }

    @Test
    void anImportEndsWithTheDataOrWithout() {
        run((requests, tasks) -> new ImageWorld(requests, sweep.database(), tasks, folder, "") {
            @Override
            public Saga<?> saga() {
                return imports.saga();
            }

            @Override
            public void prepare() {
                put(stores.staging(), Location.Status.STAGED, ImageState.UPLOADING);
            }

            @Override
            public void begin() {
                importStaged();
            }

            @Override
            public void assertDone() {
                cleanup.run();
                Image image = database.read(this::image);
                assertThat(image.state()).isEqualTo(ImageState.ACTIVE);
                assertThat(image.data().size()).isEqualTo(BYTES.length);
                assertThat(bytesUsed()).isEqualTo(BYTES.length);
                stores.writable().forEach(store -> assertThat(keys(store)).hasSize(1));
                assertThat(image.stores()).containsExactlyInAnyOrder("file", "other");
                assertThat(image.properties())
                        .containsOnly(
                                Map.entry("os_glance_failed_import", ""),
                                Map.entry("os_glance_importing_to_stores", ""));
                Eventually.happens(
                        "the staged data is gone", () -> keys(stores.staging()).isEmpty());
            }

            @Override
            public void assertTakenBack() {
                assertEmpty();
                Image image = database.read(this::image);
                assertThat(image.state()).isEqualTo(ImageState.QUEUED);
                assertThat(image.data()).isEqualTo(Image.Data.NONE);
                assertThat(bytesUsed()).isZero();
            }
        });
    }

    @Test
    void aCopyIsKeptOrNothingIsLeftOfIt() {
        run((requests, tasks) -> new ImageWorld(requests, sweep.database(), tasks, folder, "") {
            @Override
            public Saga<?> saga() {
                return copying.saga();
            }

            @Override
            public void prepare() {
                put(stores.byDefault(), Location.Status.ACTIVE, ImageState.ACTIVE);
            }

            @Override
            public void begin() {
                requests.run(tx -> copying.start(
                        tx, Caller.nacre("req-1"), image(tx), List.of(stores.require("other")), true, Json.object()));
            }

            @Override
            public void assertDone() {
                assertImage("", "file", "other");
                stores.writable().forEach(store -> assertThat(keys(store)).hasSize(1));
            }

            @Override
            public void assertTakenBack() {
                assertImage("other", "file");
                assertThat(keys(stores.byDefault())).hasSize(1);
                assertThat(keys(stores.require("other"))).isEmpty();
            }

            private void assertImage(String failed, String... has) {
                cleanup.run();
                Image image = database.read(this::image);
                assertThat(image.state()).isEqualTo(ImageState.ACTIVE);
                assertThat(image.stores()).containsExactlyInAnyOrder(has);
                assertThat(image.properties())
                        .containsOnly(
                                Map.entry("os_glance_failed_import", failed),
                                Map.entry("os_glance_importing_to_stores", ""));
            }
        });
    }

    @Test
    void dataOfOthersBecomesTheImagesOrStaysTheirs() {
        run((requests, tasks) -> new ImageWorld(requests, sweep.database(), tasks, folder, "") {
            private final Stores.Store others = stores.require("others");

            @Override
            public Saga<?> saga() {
                return locating.saga();
            }

            @Override
            public void prepare() {
                put(others, BYTES);
                database.run(tx -> SampleRows.create(tx, images, quotas, ID, ImageState.QUEUED));
            }

            @Override
            public void begin() {
                requests.run(tx -> locating.start(
                        tx, Caller.nacre("req-1"), image(tx), others, KEY, Image.Data.NONE, Json.object()));
            }

            @Override
            public void assertDone() {
                cleanup.run();
                Image image = database.read(this::image);
                assertThat(image.state()).isEqualTo(ImageState.ACTIVE);
                assertThat(image.data().size()).isEqualTo(BYTES.length);
                assertThat(image.data().hash()).isNotNull();
                assertThat(image.stores()).containsExactly("others");
                assertThat(image.properties()).isEmpty();
                assertThat(bytesUsed()).isEqualTo(BYTES.length);
                assertThat(keys(others)).containsExactly(KEY);
            }

            @Override
            public void assertTakenBack() {
                assertEmpty();
                Image image = database.read(this::image);
                assertThat(image.state()).isEqualTo(ImageState.QUEUED);
                assertThat(image.data()).isEqualTo(Image.Data.NONE);
                assertThat(image.properties()).isEmpty();
                assertThat(bytesUsed()).isZero();
                assertThat(keys(others)).containsExactly(KEY);
            }
        });
    }
}
