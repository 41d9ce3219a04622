package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Identity;
import io.nacre.diskimage.Inspector;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.Stores;
import io.nacre.glance.task.ImageTask;
import io.nacre.glance.task.ImageTasks;
import io.nacre.glance.web.WebAddresses;
import io.nacre.glance.web.WebDownload;
import io.nacre.tasks.Saga;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Brings data into an image by a task: what was staged (glance-direct), what a URL leads to (web-download), or an
 * image of another region (glance-download). It goes by
 * the staging area, where the plug-ins work on it, into the stores. When it fails the image is queued again, and says in
 * {@code os_glance_failed_import} which stores do not have it.
 */
public final class ImageImport {
    public static final String DIRECT = "glance-direct";
    public static final String WEB = "web-download";
    public static final String GLANCE = "glance-download";
    /** The task that makes the image, too, and does away with it when it fails. */
    static final String LEGACY = "import";

    public static final String COPY = "copy-image";

    static final String SAGA = "image.import";
    private static final Logger LOG = LoggerFactory.getLogger(ImageImport.class);
    private static final Duration LONGEST = Duration.ofHours(6);

    private final Ground ground;
    private final ImageTasks tasks;
    private final Copies copies;
    private final ImportPlugins plugins;
    private final WebAddresses addresses;
    private final GlanceDownload remote;
    private final Saga<ImportOrder> saga;

    public ImageImport(Ground ground, ImageTasks tasks, Identity identity) {
        this.ground = ground;
        this.tasks = tasks;
        this.copies = new Copies(ground);
        this.plugins = new ImportPlugins(ground);
        this.addresses = new WebAddresses(
                ground.config().webDownloadPorts(), ground.config().webDownloadAllow());
        this.remote = new GlanceDownload(ground, identity, addresses);
        this.saga = Saga.named(SAGA, ImportOrder.class)
                .local("begin", this::begin)
                .remote("fetch data", LONGEST, 2, this::fetch)
                .undoRemote((context, order) -> unstage(order, order.files().fetched()))
                .remote("unpack data", LONGEST, 2, (context, order) -> plugins.unpack(order, progress(order)))
                .undoRemote((context, order) -> unstage(order, order.files().unpacked()))
                .remote("convert data", LONGEST, 2, this::convert)
                .undoRemote((context, order) -> unstage(order, order.files().converted()))
                .remote("store data", LONGEST, 2, this::store)
                .undoRemote(this::unstore)
                .local("activate", this::activate)
                .onFailure(this::giveBack);
    }

    public Saga<ImportOrder> saga() {
        return saga;
    }

    /**
     * What is wanted of an import.
     *
     * @param allMustSucceed whether one store that fails is a failure of all
     * @param input in the words of the request
     */
    record Wish(ImportOrder.Source source, List<Stores.Store> stores, boolean allMustSucceed, JsonNode input) {}

    /**
     * Begins the import of an image that the caller may change, and tells the task; faults with CONFLICT, or INVALID for a bad URL.
     *
     * @param token of the caller, to ask another region with
     */
    String start(Tx tx, Caller caller, Image image, Wish wish, String token) {
        String uri = wish.source().uri();
        if (uri != null) {
            addresses.check(uri);
        }
        ground.quotas().checkData(tx, image, 0);
        String fetched = wish.source().isStaged() ? staged(tx, image) : stagingKey(tx, image);
        String type = isLegacy(wish.source()) ? ImageTask.IMPORT : ImageTask.API_IMPORT;
        String task = tasks.add(tx, caller, type, image.id(), wish.input());
        ImportOrder order = new ImportOrder(
                task,
                image.id(),
                wish.source(),
                new ImportOrder.Files(
                        fetched,
                        plugins.unpacks(image) ? stagingKey(tx, image) : null,
                        plugins.converts() ? stagingKey(tx, image) : null,
                        fetched),
                copies.claim(tx, image.id(), wish.stores()),
                wish.allMustSucceed(),
                new ImportOrder.Outcome(null, null, plugins.injected(caller), null));
        if (wish.source().remote() != null) {
            tx.afterCommit(() -> remote.remember(task, token));
        }
        ground.tasks().start(tx, caller, saga, ImageDelete.resource(image.id()), order);
        save(tx, ImportMarks.begun(image.in(ImageState.IMPORTING), task, order.stores()));
        return task;
    }

    private String stagingKey(Tx tx, Image image) {
        return copies.claim(tx, image.id(), ground.stores().staging());
    }

    private String staged(Tx tx, Image image) {
        List<Location> staged = ground.locations().ofImage(tx, image.id(), Location.Status.STAGED);
        if (staged.isEmpty()) {
            throw Fault.conflict("Image needs to be staged before 'glance-direct' method can be used");
        }
        return staged.getFirst().key();
    }

    /** Faults with QUOTA_EXCEEDED. */
    private ImportOrder begin(Tx tx, ImportOrder order) {
        ground.images().find(tx, order.imageId()).ifPresent(image -> {
            long size = image.data().size() == null ? 0 : image.data().size();
            if (order.source().isStaged()) {
                ground.quotas().checkData(tx, image, size);
            } else {
                ground.quotas().checkStage(tx, image, size);
                ground.quotas().checkUploading(tx, image);
            }
        });
        tasks.begin(tx, order.task());
        return order;
    }

    private Progress progress(ImportOrder order) {
        return new Progress(ground, tasks, order.task());
    }

    private ImportOrder fetch(Saga.Context context, ImportOrder order) {
        ImportOrder.Remote other = order.source().remote();
        if (other != null) {
            return fetch(order, remote.describe(context.caller(), order, other, context.remaining()), context);
        }
        String uri = order.source().uri();
        if (uri != null) {
            try (WebDownload download = WebDownload.open(uri, addresses, context.remaining())) {
                take(order, download, download.length());
            }
        }
        return order;
    }

    private ImportOrder fetch(ImportOrder order, GlanceDownload.Description found, Saga.Context context) {
        Map<String, String> properties = new TreeMap<>(found.properties());
        properties.putAll(order.outcome().properties());
        ImportOrder described = order.with(
                order.copies(), new ImportOrder.Outcome(found.diskFormat(), found.containerFormat(), properties, null));
        try (WebDownload download = remote.open(found, order.task(), context.remaining())) {
            take(described, download, found.size());
        }
        return described;
    }

    private void take(ImportOrder order, WebDownload download, long expected) {
        Image image = importing(order);
        Scrutiny scrutiny = order.files().unpacked() == null ? new Scrutiny(inspector(image, order), null) : null;
        new Intake(ground.stores().staging().driver(), order.files().fetched(), ground.examination(scrutiny))
                .take(progress(order).watch("Copied", download.stream()), expected);
    }

    private Image importing(ImportOrder order) {
        return ground.transactions()
                .read(tx -> ground.images().find(tx, order.imageId()))
                .filter(found -> found.state() == ImageState.IMPORTING)
                .orElseThrow(() -> Fault.conflict("Image " + order.imageId() + " is not being imported any more."));
    }

    private Inspector inspector(Image image, ImportOrder order) {
        return Uploads.inspector(order.outcome().applied(image), ground.config());
    }

    private Scrutiny scrutiny(Image image, ImportOrder order) {
        return new Scrutiny(inspector(image, order), ground.signatures().of(image, null));
    }

    private ImportOrder convert(Saga.Context context, ImportOrder order) {
        return order.files().converted() == null
                ? order
                : plugins.convert(order, importing(order), context.remaining(), progress(order));
    }

    private ImportOrder store(Saga.Context context, ImportOrder order) {
        Image image = importing(order);
        StoreDriver staging = ground.stores().staging().driver();
        String last = order.files().last();
        Progress progress = progress(order);
        Copies.Source source;
        try {
            source = new Copies.Source(
                    () -> progress.watch("Copied", staging.open(last, 0)), staging.size(last), Image.Data.NONE);
        } catch (IOException e) {
            throw Fault.internal("The staged data cannot be read.").because(e);
        }
        Copies.Made made = copies.make(
                order.imageId(), order.copies(), order.allMustSucceed(), source, () -> scrutiny(image, order));
        Image.Data data = made.data();
        if (data == null) {
            throw Fault.conflict("None of the uploads finished!");
        }
        return order.with(made.copies(), order.outcome().with(data));
    }

    private ImportOrder unstore(Saga.Context context, ImportOrder order) {
        copies.drop(order.imageId(), order.copies());
        return order;
    }

    private ImportOrder unstage(ImportOrder order, @Nullable String key) {
        copies.drop(order.imageId(), Stores.STAGING, key);
        return order;
    }

    private ImportOrder activate(Tx tx, ImportOrder order) {
        Image image = ground.images().require(tx, order.imageId());
        Image.Data data = order.outcome().data();
        if (image.state() != ImageState.IMPORTING || data == null) {
            throw Fault.conflict("Image " + order.imageId() + " is not being imported any more.");
        }
        copies.keep(tx, order.imageId(), order.copies());
        ground.quotas().addData(tx, image, data);
        List<Location> staged = order.files().keys().stream()
                .flatMap(key -> ground.locations().find(tx, key).stream())
                .toList();
        staged.forEach(one -> ground.leftovers().giveUp(tx, one));
        tx.afterCommit(() -> Thread.ofVirtual().name("unstage").start(() -> staged.forEach(ground.leftovers()::clear)));
        Image done = order.outcome().applied(image).with(image.state().to(ImageState.ACTIVE), data);
        save(tx, ImportMarks.ended(done, order.stores()));
        tasks.succeed(tx, order.task(), order.imageId());
        tx.afterCommit(() -> remote.forget(order.task()));
        return order;
    }

    private void giveBack(Tx tx, ImportOrder order, Fault fault) {
        LOG.info("The import of image {} failed: {}", order.imageId(), fault.message());
        tasks.fail(tx, order.task(), fault.message());
        tx.afterCommit(() -> remote.forget(order.task()));
        ground.locations().giveUp(tx, order.imageId());
        ground.images()
                .find(tx, order.imageId())
                .filter(image -> image.state() == ImageState.IMPORTING)
                .ifPresent(image -> {
                    if (isLegacy(order.source())) {
                        ground.quotas().remove(tx, image);
                        save(tx, image.in(ImageState.DELETED));
                        return;
                    }
                    List<String> stores = order.stores();
                    Image told = ImportMarks.hasFailed(image, stores) ? image : ImportMarks.failed(image, stores);
                    save(tx, ImportMarks.ended(told.in(ImageState.QUEUED), stores));
                });
    }

    private static boolean isLegacy(ImportOrder.Source source) {
        return source.method().equals(LEGACY);
    }

    private void save(Tx tx, Image image) {
        ground.images().save(tx, image, ground.clockwork().now());
    }
}
