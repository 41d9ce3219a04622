package io.nacre.glance.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Digests;
import io.nacre.base.Transactions;
import io.nacre.database.DatabaseConfig.Engine;
import io.nacre.database.Sql;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.store.Stores;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import io.nacre.testkit.Eventually;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.SagaSweep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.jooq.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps {@link ImageImport} with all its plug-ins: a packed raw disk becomes a qcow2 image, by the real qemu-img. */
@EveryEngine(
        migrations = {"db/glance", "db/quota", "db/tasks"},
        engines = Engine.SQLITE)
class ImportPluginsSagaTest {
    private static final byte[] DISK = disk();
    private static final String SETTINGS = """
            [glance.imports]
            plugins = ["image_decompression", "image_conversion", "inject_image_metadata"]
            ignore_user_roles = []
            inject = {imported = "yes"}
            [glance.imports.conversion]
            output_format = "qcow2"
            """;

    private final SagaSweep sweep;

    @TempDir
    Path folder;

    ImportPluginsSagaTest(SagaSweep sweep) {
        this.sweep = sweep;
    }

    private static byte[] disk() {
        byte[] disk = new byte[1 << 16];
        new Random(7).nextBytes(disk);
        return disk;
    }

    private static byte[] packed(byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(out)) {
            packed.write(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Test
    void anImageIsWhatThePluginsMadeOrQueuedWithNothingLeft() {
        sweep.run((requests, tasks) -> {
            for (Path file : files()) {
                Files.delete(file);
            }
            return new World(requests, tasks);
        });
    }

    /** All files in all stores, in the staging area and wherever qemu-img works. */
    private List<Path> files() {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class World extends ImageWorld {
        World(Transactions requests, Tasks tasks) {
            super(requests, sweep.database(), tasks, folder, SETTINGS);
        }

        @Override
        public Saga<?> saga() {
            return imports.saga();
        }

        @Override
        public void prepare() {
            put(stores.staging(), Location.Status.STAGED, ImageState.UPLOADING, packed(DISK));
        }

        @Override
        public void begin() {
            importStaged();
        }

        @Override
        public void assertDone() {
            Eventually.happens("only the copies are left", () -> {
                cleanup.run();
                return files().size() == stores.writable().size();
            });
            Image image = database.read(this::image);
            assertThat(image.state()).isEqualTo(ImageState.ACTIVE);
            assertThat(image.attributes().diskFormat()).isEqualTo("qcow2");
            assertThat(image.data().virtualSize()).isEqualTo(DISK.length);
            assertThat(image.properties()).containsEntry("imported", "yes");
            assertThat(image.stores()).containsExactlyInAnyOrder("file", "other");
            for (Stores.Store store : stores.writable()) {
                byte[] data = read(store);
                assertThat(new String(data, 0, 4, StandardCharsets.ISO_8859_1)).isEqualTo("QFI\u00fb");
                assertThat(image.data().size()).isEqualTo(data.length);
                assertThat(image.data().hash()).isEqualTo(sha512(data));
            }
            assertThat(bytesUsed()).isEqualTo(image.data().size());
            assertThat(task().get("status")).isEqualTo("SUCCESS");
        }

        @Override
        public void assertTakenBack() {
            assertEmpty();
            assertThat(files()).isEmpty();
            Image image = database.read(this::image);
            assertThat(image.state()).isEqualTo(ImageState.QUEUED);
            assertThat(image.attributes().diskFormat()).isEqualTo("raw");
            assertThat(image.data()).isEqualTo(Image.Data.NONE);
            assertThat(image.properties())
                    .containsOnlyKeys("os_glance_failed_import", "os_glance_importing_to_stores")
                    .containsEntry("os_glance_importing_to_stores", "");
            assertThat(image.properties().get("os_glance_failed_import")).startsWith("file");
            assertThat(bytesUsed()).isZero();
            assertThat(task().get("status")).isEqualTo("FAILURE");
            assertThat(task().get("message", String.class)).isNotEmpty();
        }

        private byte[] read(Stores.Store store) {
            try (InputStream in = store.driver().open(keys(store).getFirst(), 0)) {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private String sha512(byte[] data) {
            return HexFormat.of().formatHex(Digests.of("SHA-512").digest(data));
        }

        private Record task() {
            return Objects.requireNonNull(
                    database.read(tx -> Sql.in(tx).fetchOne("select status, message from glance_task")));
        }
    }
}
