package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.base.Tx;
import io.nacre.diskimage.Inspector;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.signature.SignatureCheck;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.Stores;
import io.nacre.glance.task.ImageTask;
import io.nacre.glance.task.ImageTasks;
import io.nacre.tasks.Saga;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Makes data that others keep an image's by a task (location_import). The image is active when the data has been looked
 * at; when it is not what it should be the image is queued again, and has no data.
 */
public final class LocationImport {
    static final String SAGA = "location.import";
    private static final Logger LOG = LoggerFactory.getLogger(LocationImport.class);
    private static final Duration LONGEST = Duration.ofHours(6);

    private final Ground ground;
    private final ImageTasks tasks;
    private final Copies copies;
    private final LocationConfig config;
    private final Saga<Order> saga;

    public LocationImport(Ground ground, ImageTasks tasks) {
        this.ground = ground;
        this.tasks = tasks;
        this.copies = new Copies(ground);
        this.config = ground.config().locations();
        this.saga = Saga.named(SAGA, Order.class)
                .local("begin", this::begin)
                .remote("examine data", LONGEST, config.httpRetries(), this::examine)
                .local("activate", this::activate)
                .onFailure(this::giveBack);
    }

    /**
     * What to make the image's, and what is known of it.
     *
     * @param task as users know it
     * @param key of the location
     * @param data what was told of it, and after the examination what it is
     */
    public record Order(String task, String imageId, String key, Image.Data data) {}

    public Saga<Order> saga() {
        return saga;
    }

    /**
     * Begins it for an image that is queued. Faults with INVALID when the image lacks a format.
     *
     * @param store that has the data at the URL
     * @param told the hash that the data must have, if any
     * @param input in the words of the request
     */
    void start(Tx tx, Caller caller, Image image, Stores.Store store, String url, Image.Data told, JsonNode input) {
        Uploads.requireFormats(image);
        ground.quotas().checkData(tx, image, 0);
        String task = tasks.add(tx, caller, ImageTask.LOCATION_IMPORT, image.id(), input);
        Location location = new Location(
                ground.clockwork().id(),
                image.id(),
                store.id(),
                Location.Status.IMPORTING,
                ground.clockwork().now(),
                url,
                Json.object());
        ground.locations().add(tx, location);
        Order order = new Order(task, image.id(), location.key(), told);
        ground.tasks().start(tx, caller, saga, ImageDelete.resource(image.id()), order);
        save(tx, ImportMarks.taken(image.in(ImageState.IMPORTING), task));
    }

    private Order begin(Tx tx, Order order) {
        tasks.begin(tx, order.task());
        return order;
    }

    private Order examine(Saga.Context context, Order order) {
        Image image = importing(order);
        Location location = ground.transactions()
                .read(tx -> ground.locations().find(tx, order.key()))
                .orElseThrow(() -> over(order));
        StoreDriver driver = ground.stores().require(location.store()).driver();
        try {
            long size = driver.size(location.place());
            Examination.requireWithin(ground.config().imageSizeCap().count(), size);
            ground.transactions().run(tx -> ground.quotas().checkData(tx, image, size));
            SignatureCheck signature = ground.signatures().of(image, null);
            Inspector inspector = Uploads.inspector(image, ground.config());
            Image.Data data = config.doSecureHash() || signature != null
                    ? read(order, driver, location.place(), size, new Scrutiny(inspector, signature))
                    : glance(order, driver, location.place(), size, inspector);
            return new Order(order.task(), order.imageId(), order.key(), data);
        } catch (UnsafeImage e) {
            throw Intake.unsafe(e);
        } catch (NoSuchFileException e) {
            throw Fault.invalid("There is no data at " + location.place()).because(e);
        } catch (IOException e) {
            throw Fault.unavailable("The data of the image cannot be read: " + e.getMessage())
                    .because(e);
        }
    }

    /** Reads all of it; faults with INVALID when it is not what was told. */
    private Image.Data read(Order order, StoreDriver driver, String place, long size, Scrutiny scrutiny)
            throws IOException, UnsafeImage {
        Image.Data told = order.data();
        Examination examination = ground.examination(
                HashAlgorithm.of(told.hashAlgo()).orElse(ground.config().hashingAlgorithm()), scrutiny);
        Progress progress = new Progress(ground, tasks, order.task());
        long total = 0;
        try (InputStream in = progress.watch("Read", driver.open(place, 0))) {
            byte[] chunk = examination.room();
            for (int read = in.read(chunk); read >= 0 && total <= size; read = in.read(chunk)) {
                total += read;
                examination.feed(chunk, read);
                chunk = examination.room();
            }
        }
        if (total < size) {
            throw new EOFException("it broke off after " + total + " of " + size + " bytes");
        }
        Image.Data found = examination.finish(size);
        if (told.hash() != null && !told.hash().equals(found.hash())) {
            throw Fault.invalid("os_hash_value: (" + told.hash() + ") not matched with actual os_hash_value: ("
                    + found.hash() + ")");
        }
        return found;
    }

    /** Reads what tells whether it is safe, and believes what was told. */
    private static Image.Data glance(Order order, StoreDriver driver, String place, long size, Inspector inspector)
            throws IOException, UnsafeImage {
        Long virtualSize = inspector
                .inspect(size, (offset, length) -> driver.read(place, offset, length))
                .virtualSize();
        Image.Data told = order.data();
        return new Image.Data(size, virtualSize, null, told.hashAlgo(), told.hash());
    }

    private Image importing(Order order) {
        return ground.transactions()
                .read(tx -> ground.images().find(tx, order.imageId()))
                .filter(found -> found.state() == ImageState.IMPORTING)
                .orElseThrow(() -> over(order));
    }

    private static FaultException over(Order order) {
        return Fault.conflict("Image " + order.imageId() + " is not being imported any more.");
    }

    private Order activate(Tx tx, Order order) {
        Image image = ground.images().require(tx, order.imageId());
        if (image.state() != ImageState.IMPORTING
                || !ground.locations().move(tx, order.key(), Location.Status.IMPORTING, Location.Status.ACTIVE)) {
            throw over(order);
        }
        ground.quotas().addData(tx, image, order.data());
        save(tx, ImportMarks.freed(image.with(image.state().to(ImageState.ACTIVE), order.data())));
        tasks.succeed(tx, order.task(), order.imageId());
        return order;
    }

    private void giveBack(Tx tx, Order order, Fault fault) {
        LOG.info("The data of others does not become that of image {}: {}", order.imageId(), fault.message());
        tasks.fail(tx, order.task(), fault.message());
        copies.giveUp(tx, order.key());
        ground.images()
                .find(tx, order.imageId())
                .filter(image -> image.state() == ImageState.IMPORTING)
                .ifPresent(image -> save(tx, ImportMarks.freed(image.in(ImageState.QUEUED))));
    }

    private void save(Tx tx, Image image) {
        ground.images().save(tx, image, ground.clockwork().now());
    }
}
