package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.Stores;
import io.nacre.glance.task.ImageTask;
import io.nacre.glance.task.ImageTasks;
import io.nacre.tasks.Saga;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Copies the data of an image into further stores by a task (copy-image). The image serves its users meanwhile. */
public final class ImageCopy {
    static final String SAGA = "image.copy";
    private static final Logger LOG = LoggerFactory.getLogger(ImageCopy.class);
    private static final Duration LONGEST = Duration.ofHours(6);

    private final Ground ground;
    private final ImageTasks tasks;
    private final Copies copies;
    private final Saga<Order> saga;

    public ImageCopy(Ground ground, ImageTasks tasks) {
        this.ground = ground;
        this.tasks = tasks;
        this.copies = new Copies(ground);
        this.saga = Saga.named(SAGA, Order.class)
                .local("begin", this::begin)
                .remote("copy data", LONGEST, 2, this::copy)
                .undoRemote(this::drop)
                .local("keep copies", this::keep)
                .onFailure(this::giveBack);
    }

    /**
     * What to copy, and how far it is.
     *
     * @param task as users know it
     * @param allMustSucceed whether one store that fails is a failure of all
     */
    public record Order(String task, String imageId, List<Copy> copies, boolean allMustSucceed) {
        List<String> stores() {
            return copies.stream().map(Copy::store).toList();
        }
    }

    public Saga<Order> saga() {
        return saga;
    }

    /**
     * Begins to copy an image that is active.
     *
     * @param input in the words of the request
     */
    void start(Tx tx, Caller caller, Image image, List<Stores.Store> stores, boolean allMustSucceed, JsonNode input) {
        String task = tasks.add(tx, caller, ImageTask.API_IMPORT, image.id(), input);
        Order order = new Order(task, image.id(), copies.claim(tx, image.id(), stores), allMustSucceed);
        ground.tasks().start(tx, caller, saga, ImageDelete.resource(image.id()), order);
        save(tx, ImportMarks.begun(image, task, order.stores()));
    }

    /** Faults with QUOTA_EXCEEDED. */
    private Order begin(Tx tx, Order order) {
        ground.images().find(tx, order.imageId()).ifPresent(image -> {
            ground.quotas().checkStage(tx, image, 0);
            ground.quotas().checkUploading(tx, image);
        });
        tasks.begin(tx, order.task());
        return order;
    }

    private Order copy(Saga.Context context, Order order) {
        Image image = ground.transactions().read(tx -> ground.images().require(tx, order.imageId()));
        Progress progress = new Progress(ground, tasks, order.task());
        Copies.Source source = new Copies.Source(
                () -> progress.watch("Copied", open(image)),
                Objects.requireNonNull(image.data().size()),
                image.data());
        Copies.Made made = copies.make(order.imageId(), order.copies(), order.allMustSucceed(), source, () -> null);
        return new Order(order.task(), order.imageId(), made.copies(), order.allMustSucceed());
    }

    /** From the default store, if it is there. */
    private InputStream open(Image image) throws IOException {
        List<Location> all =
                ground.transactions().read(tx -> ground.locations().ofImage(tx, image.id(), Location.Status.ACTIVE));
        String first = ground.stores().byDefault().id();
        List<Location> ordered = new ArrayList<>(all);
        ordered.sort(Comparator.comparing(location -> !location.store().equals(first)));
        IOException last = new IOException("Image not found in any configured store");
        for (Location location : ordered) {
            try {
                StoreDriver driver = ground.stores().require(location.store()).driver();
                return driver.open(location.place(), 0);
            } catch (IOException e) {
                LOG.warn("Image {} cannot be read from store {}: {}", image.id(), location.store(), e.toString());
                last = e;
            }
        }
        throw last;
    }

    private Order drop(Saga.Context context, Order order) {
        copies.drop(order.imageId(), order.copies());
        return order;
    }

    private Order keep(Tx tx, Order order) {
        Image image = ground.images().require(tx, order.imageId());
        copies.keep(tx, order.imageId(), order.copies());
        save(tx, ImportMarks.ended(image, order.stores()));
        tasks.succeed(tx, order.task(), order.imageId());
        return order;
    }

    private void giveBack(Tx tx, Order order, Fault fault) {
        LOG.info("The copying of image {} failed: {}", order.imageId(), fault.message());
        tasks.fail(tx, order.task(), fault.message());
        order.copies().forEach(copy -> copies.giveUp(tx, copy.key()));
        ground.images().find(tx, order.imageId()).ifPresent(image -> {
            List<String> stores = order.stores();
            Image told = ImportMarks.hasFailed(image, stores) ? image : ImportMarks.failed(image, stores);
            save(tx, ImportMarks.ended(told, stores));
        });
    }

    private void save(Tx tx, Image image) {
        ground.images().save(tx, image, ground.clockwork().now());
    }
}
