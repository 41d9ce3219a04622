package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.store.Stores;
import io.nacre.glance.task.ImageTask;
import io.nacre.glance.task.ImageTasks;
import io.nacre.tasks.Saga;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Brings data into an image by a task: what was staged (glance-direct) or what a URL leads to (web-download). When it
 * fails the image is queued again, and says so in {@code os_glance_failed_import}.
 */
public final class ImageImport {
    public static final String DIRECT = "glance-direct";
    public static final String WEB = "web-download";

    static final String SAGA = "image.import";
    private static final Logger LOG = LoggerFactory.getLogger(ImageImport.class);
    private static final Duration LONGEST = Duration.ofHours(6);
    private static final String TASK = "os_glance_import_task";
    private static final String FAILED = "os_glance_failed_import";

    private final Ground ground;
    private final ImageTasks tasks;
    private final WebAddresses addresses;
    private final Saga<Order> saga;

    public ImageImport(Ground ground, ImageTasks tasks) {
        this.ground = ground;
        this.tasks = tasks;
        GlanceConfig config = ground.config();
        this.addresses = new WebAddresses(config.webDownloadPorts(), config.webDownloadAllow());
        this.saga = Saga.named(SAGA, Order.class)
                .local("begin", this::begin)
                .remote("take data", LONGEST, 2, this::takeData)
                .undoRemote(this::dropData)
                .local("activate", this::activate)
                .undo(this::deactivate)
                .onFailure(this::giveBack);
    }

    /**
     * What to import, and what became of it.
     *
     * @param task as users know it
     * @param uri for web-download, else null
     * @param stagedKey for glance-direct, else null
     * @param key under which the data will be
     * @param data null before it is there
     */
    public record Order(
            String task,
            String imageId,
            @Nullable String uri,
            @Nullable String stagedKey,
            String key,
            String store,
            Image.@Nullable Data data) {}

    public Saga<Order> saga() {
        return saga;
    }

    /**
     * Begins the import of an image that the caller may change; faults with CONFLICT.
     *
     * @param input in the words of the request
     */
    void start(Tx tx, Caller caller, Image image, @Nullable String uri, Stores.Store store, JsonNode input) {
        String staged = uri == null ? staged(tx, image) : null;
        if (uri != null) {
            addresses.check(uri);
        }
        ground.quotas().checkData(tx, image, 0);
        String key = ground.clockwork().id();
        String task = tasks.add(tx, caller, ImageTask.API_IMPORT, image.id(), input);
        Order order = new Order(task, image.id(), uri, staged, key, store.id(), null);
        ground.locations()
                .add(
                        tx,
                        new Location(
                                key,
                                image.id(),
                                store.id(),
                                Location.Status.IMPORTING,
                                ground.clockwork().now()));
        ground.tasks().start(tx, caller, saga, ImageDelete.resource(image.id()), order);
        save(tx, marked(image.in(ImageState.IMPORTING), TASK, task));
    }

    private String staged(Tx tx, Image image) {
        List<Location> staged = ground.locations().ofImage(tx, image.id(), Location.Status.STAGED);
        if (staged.isEmpty()) {
            throw Fault.conflict("Image needs to be staged before 'glance-direct' method can be used");
        }
        return staged.getFirst().key();
    }

    private Order begin(Tx tx, Order order) {
        tasks.begin(tx, order.task());
        return order;
    }

    private Order takeData(Saga.Context context, Order order) {
        Image image = ground.transactions()
                .read(tx -> ground.images().find(tx, order.imageId()))
                .filter(found -> found.state() == ImageState.IMPORTING)
                .orElseThrow(() -> Fault.conflict("Image " + order.imageId() + " is not being imported any more."));
        Intake intake = new Intake(
                ground.stores().require(order.store()).driver(),
                order.key(),
                ground.config().imageSizeCap().count(),
                Uploads.inspector(image, ground.config()));
        Image.Data data = order.uri() == null
                ? fromStaging(String.valueOf(order.stagedKey()), intake)
                : fromWeb(order.uri(), context.remaining(), intake);
        return new Order(
                order.task(), order.imageId(), order.uri(), order.stagedKey(), order.key(), order.store(), data);
    }

    private Image.Data fromStaging(String stagedKey, Intake intake) {
        try (InputStream in = ground.stores().staging().driver().open(stagedKey, 0)) {
            return intake.take(in, ground.stores().staging().driver().size(stagedKey));
        } catch (IOException e) {
            throw Fault.internal("The staged data cannot be read.").because(e);
        }
    }

    private Image.Data fromWeb(String uri, Duration remaining, Intake intake) {
        try (WebDownload download = WebDownload.open(uri, addresses, remaining)) {
            return intake.take(download.stream(), download.length());
        }
    }

    private Order dropData(Saga.Context context, Order order) {
        try {
            ground.stores().require(order.store()).driver().delete(order.key());
        } catch (IOException e) {
            throw Fault.unavailable("The imported data could not be removed.").because(e);
        }
        return order;
    }

    private Order activate(Tx tx, Order order) {
        Image image = ground.images().require(tx, order.imageId());
        Image.Data data = order.data();
        if (image.state() != ImageState.IMPORTING
                || data == null
                || !ground.locations().move(tx, order.key(), Location.Status.IMPORTING, Location.Status.ACTIVE)) {
            throw Fault.conflict("Image " + order.imageId() + " is not being imported any more.");
        }
        ground.quotas().addData(tx, image, data);
        String staged = order.stagedKey();
        if (staged != null) {
            ground.locations().move(tx, staged, Location.Status.STAGED, Location.Status.DELETING);
            tx.afterCommit(() -> Thread.ofVirtual().name("unstage").start(() -> removeStaged(order.imageId(), staged)));
        }
        Image done = image.with(image.state().to(ImageState.ACTIVE), data);
        save(tx, marked(marked(done, TASK, null), FAILED, null));
        tasks.succeed(tx, order.task(), order.imageId());
        return order;
    }

    /** The data has not been the image's after all. */
    private Order deactivate(Tx tx, Order order) {
        if (ground.locations().move(tx, order.key(), Location.Status.ACTIVE, Location.Status.IMPORTING)) {
            ground.images().find(tx, order.imageId()).filter(Image::hasData).ifPresent(image -> {
                ground.quotas().removeData(tx, image);
                save(tx, image.with(ImageState.IMPORTING, Image.Data.NONE));
            });
        }
        return order;
    }

    /** What stays all the same is for {@link DataCleanup}. */
    private void removeStaged(String imageId, String key) {
        try {
            ground.stores().staging().driver().delete(key);
            ground.transactions().run(tx -> ground.locations().remove(tx, key));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Staged data of image {} is not removed yet", imageId, e);
        }
    }

    private void giveBack(Tx tx, Order order, Fault fault) {
        LOG.info("The import of image {} failed: {}", order.imageId(), fault.message());
        tasks.fail(tx, order.task(), fault.message());
        ground.locations().giveUp(tx, order.imageId());
        ground.images()
                .find(tx, order.imageId())
                .filter(image -> image.state() == ImageState.IMPORTING)
                .ifPresent(image ->
                        save(tx, marked(marked(image.in(ImageState.QUEUED), TASK, null), FAILED, order.store())));
    }

    private void save(Tx tx, Image image) {
        ground.images().save(tx, image, ground.clockwork().now());
    }

    /** @param value null to take the mark away */
    private static Image marked(Image image, String name, @Nullable String value) {
        Map<String, String> properties = new TreeMap<>(image.properties());
        if (value == null) {
            properties.remove(name);
        } else {
            properties.put(name, value);
        }
        return image.having(properties);
    }
}
