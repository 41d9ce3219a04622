package io.nacre.glance.data;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.store.Stores;
import io.nacre.tasks.Reconciler;
import io.nacre.tasks.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * No image waits for data that will not come, and no data lies in a store that belongs to nobody. Uploads have no
 * task: their claims run out when their writer is not heard of any more.
 */
public final class DataCleanup implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(DataCleanup.class);

    private static final String NO_KEY = new UUID(0, 0).toString();

    private final ClaimStore claims = new ClaimStore();
    /** Stores that were told to hold data of others. */
    private final Set<String> strange = ConcurrentHashMap.newKeySet();

    private final Transactions transactions;
    private final ImageStore images;
    private final LocationStore locations;
    private final Stores stores;
    private final Tasks tasks;
    private final GlanceConfig config;
    private final InstantSource clock;
    private final Leftovers leftovers;

    public DataCleanup(
            Transactions transactions,
            ImageStore images,
            LocationStore locations,
            Stores stores,
            Tasks tasks,
            GlanceConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.images = images;
        this.locations = locations;
        this.stores = stores;
        this.tasks = tasks;
        this.config = config;
        this.clock = clock;
        this.leftovers = new Leftovers(transactions, locations, stores);
    }

    @Override
    public String name() {
        return "image data";
    }

    @Override
    public Duration period() {
        return config.uploadLease().dividedBy(2);
    }

    @Override
    public void run() {
        Instant since = clock.instant().minus(config.uploadLease());
        transactions.run(tx -> {
            locations.silent(tx, since).forEach(location -> abandon(tx, location.imageId()));
            requeue(tx, ImageState.SAVING, since, image -> hasWriter(tx, image.id()));
            requeue(
                    tx,
                    ImageState.UPLOADING,
                    since,
                    image -> !locations.ofImage(tx, image.id()).isEmpty());
            requeue(tx, ImageState.IMPORTING, since, image -> hasTask(tx, image.id()));
        });
        removeGivenUp();
        stores.writable().forEach(this::removeOrphans);
        removeOrphans(stores.staging());
    }

    private void requeue(Tx tx, ImageState state, Instant since, Predicate<Image> alive) {
        for (Image image : images.resting(tx, state, since)) {
            if (!alive.test(image)) {
                abandon(tx, image.id());
            }
        }
    }

    private boolean hasWriter(Tx tx, String imageId) {
        return !locations.ofImage(tx, imageId, Location.Status.WRITING).isEmpty();
    }

    private boolean hasTask(Tx tx, String imageId) {
        return tasks.timeline(tx, ImageDelete.resource(imageId)).stream()
                .anyMatch(task -> task.status() == Tasks.Status.RUNNING || task.status() == Tasks.Status.UNDOING);
    }

    private void abandon(Tx tx, String imageId) {
        locations.giveUp(tx, imageId);
        images.find(tx, imageId).ifPresent(image -> {
            LOG.info(
                    "Image {} is queued again, its {} was given up",
                    imageId,
                    image.state().wire());
            images.save(tx, image.in(ImageState.QUEUED), clock.instant());
        });
    }

    private void removeGivenUp() {
        transactions
                .read(tx -> locations.inStatus(tx, Location.Status.DELETING))
                .forEach(leftovers::clear);
    }

    /**
     * The row of a location is committed before its data is written, so what is here without one belongs to nobody.
     * Unless it belongs to others: in a place that was not ours alone from the beginning, such as a pool that another
     * cloud used, or after the database was lost, nothing is removed.
     */
    private void removeOrphans(Stores.Store store) {
        try {
            List<String> orphans = orphans(store);
            String place = store.driver().url(NO_KEY);
            if (!transactions.<Boolean>read(tx -> claims.has(tx, store.id(), place))) {
                if (orphans.isEmpty()) {
                    transactions.run(tx -> claims.add(tx, store.id(), place));
                } else if (strange.add(store.id())) {
                    LOG.warn(
                            "Store {} holds data that this cloud does not know, such as {}. Nothing there is cleaned up"
                                    + " until that is removed",
                            store.id(),
                            orphans.getFirst());
                }
                return;
            }
            for (String key : orphans) {
                LOG.info("Data without an image is removed from store {}: {}", store.id(), key);
                store.driver().delete(key);
            }
        } catch (IOException e) {
            LOG.warn("Store {} could not be looked through", store.id(), e);
        }
    }

    private List<String> orphans(Stores.Store store) throws IOException {
        List<String> keys = store.driver().keys();
        List<String> orphans = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += 500) {
            List<String> some = keys.subList(from, Math.min(from + 500, keys.size()));
            Set<String> known = transactions.read(tx -> locations.known(tx, some));
            some.stream().filter(key -> !known.contains(key)).forEach(orphans::add);
        }
        return orphans;
    }
}
