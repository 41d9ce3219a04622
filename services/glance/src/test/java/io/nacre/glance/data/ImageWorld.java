package io.nacre.glance.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.config.Settings;
import io.nacre.glance.Clockwork;
import io.nacre.glance.FakeIdentity;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.image.SampleRows;
import io.nacre.glance.signature.Signatures;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.Stores;
import io.nacre.glance.store.file.FileDriver;
import io.nacre.glance.task.ImageTasks;
import io.nacre.tasks.Tasks;
import io.nacre.testkit.SagaWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** An image with three bytes somewhere, and the parts of the service that work on it. */
abstract class ImageWorld implements SagaWorld {
    static final byte[] BYTES = {1, 2, 3};
    static final String ID = "11111111-2222-4333-8444-555555555555";
    static final String KEY = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";

    final Transactions requests;
    final Transactions database;
    final Stores stores;
    final ImageStore images = new ImageStore();
    final LocationStore locations = new LocationStore();
    final ImageQuotas quotas;
    final ImageDelete deletion;
    final ImageImport imports;
    final ImageCopy copying;
    final LocationImport locating;
    final DataCleanup cleanup;

    /**
     * @param requests the way to the database that a crash cuts off
     * @param database the way that stays
     * @param settings of [glance]
     */
    ImageWorld(Transactions requests, Transactions database, Tasks tasks, Path folder, String settings) {
        this.requests = requests;
        this.database = database;
        Clockwork clockwork = new Clockwork(Ids.secure(), InstantSource.system());
        GlanceConfig config =
                new Settings().text("test", "[glance]\n" + settings).section("glance", GlanceConfig.defaults(folder));
        stores = new Stores(
                List.of(
                        new Stores.Store("file", "", false, new FileDriver(folder)),
                        new Stores.Store("other", "", false, new FileDriver(folder.resolve("other"))),
                        new Stores.Store("others", "", true, new FileDriver(folder.resolve("others")))),
                new FileDriver(folder.resolve("staging")));
        quotas = new ImageQuotas(config);
        deletion = new ImageDelete(images, locations, stores, tasks, quotas, clockwork.clock());
        Signatures signatures = new Signatures(config.signatures(), () -> "");
        Ground ground = new Ground(database, images, locations, stores, tasks, quotas, signatures, config, clockwork);
        ImageTasks imageTasks = new ImageTasks(database, clockwork, Duration.ofDays(1));
        imports = new ImageImport(ground, imageTasks, new FakeIdentity());
        copying = new ImageCopy(ground, imageTasks);
        locating = new LocationImport(ground, imageTasks);
        cleanup = new DataCleanup(database, images, locations, stores, tasks, config, clockwork.clock());
    }

    void put(Stores.Store store, byte[] bytes) {
        try (StoreDriver.Sink sink = store.driver().create(KEY)) {
            sink.write(bytes, 0, bytes.length);
            sink.commit();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void put(Stores.Store store, Location.Status status, ImageState state) {
        put(store, status, state, BYTES);
    }

    void put(Stores.Store store, Location.Status status, ImageState state, byte[] bytes) {
        put(store, bytes);
        database.run(tx -> {
            SampleRows.create(tx, images, quotas, ID, state);
            locations.add(
                    tx,
                    new Location(
                            KEY, ID, store.id(), status, InstantSource.system().instant()));
        });
    }

    /** Begins to import what is staged, into all stores. */
    void importStaged() {
        ImageImport.Wish wish = new ImageImport.Wish(
                new ImportOrder.Source(ImageImport.DIRECT, null, null), stores.writable(), true, Json.object());
        requests.run(tx -> imports.start(tx, Caller.nacre("req-1"), image(tx), wish, ""));
    }

    long bytesUsed() {
        return database.read(tx -> SampleRows.bytes(tx, quotas));
    }

    List<String> keys(Stores.Store store) {
        try {
            return store.driver().keys();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void assertEmpty() {
        cleanup.run();
        stores.writable().forEach(store -> assertThat(keys(store)).isEmpty());
        assertThat(keys(stores.staging())).isEmpty();
        List<Location> left = database.read(tx -> locations.ofImage(tx, ID));
        assertThat(left).isEmpty();
    }

    Image image(Tx tx) {
        return images.require(tx, ID);
    }
}
