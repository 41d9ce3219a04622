package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.Stores;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the same data into one store after the other, and tells with the image how that goes. */
final class Copies {
    private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

    private final Ground ground;

    Copies(Ground ground) {
        this.ground = ground;
    }

    /**
     * Where the data is read from, once for each store.
     *
     * @param size in bytes
     * @param known of the data so far; nothing when it is new
     */
    record Source(Opening opening, long size, Image.Data known) {}

    /** Begins to read. */
    interface Opening {
        InputStream open() throws IOException;
    }

    /**
     * What came of it.
     *
     * @param data null when no store has it
     */
    record Made(List<Copy> copies, Image.@Nullable Data data) {}

    /** Claims a place in each of the stores. */
    List<Copy> claim(Tx tx, String imageId, List<Stores.Store> stores) {
        List<Copy> copies = new ArrayList<>();
        for (Stores.Store store : stores) {
            copies.add(new Copy(store.id(), claim(tx, imageId, store), false));
        }
        return copies;
    }

    /** Claims a place that a task will write to. Answers its key. */
    String claim(Tx tx, String imageId, Stores.Store store) {
        String key = ground.clockwork().id();
        ground.locations()
                .add(
                        tx,
                        new Location(
                                key,
                                imageId,
                                store.id(),
                                Location.Status.IMPORTING,
                                ground.clockwork().now()));
        return key;
    }

    /**
     * Makes them. Data that is not what it should be ends it; a store that fails does so only when all must succeed.
     *
     * @param scrutiny makes one for each store
     */
    Made make(
            String imageId,
            List<Copy> wanted,
            boolean allMustSucceed,
            Source source,
            Supplier<@Nullable Scrutiny> scrutiny) {
        List<Copy> made = new ArrayList<>();
        Image.Data data = null;
        for (Copy copy : wanted) {
            try {
                data = put(imageId, copy, source, scrutiny.get());
                made.add(copy.finished());
                note(imageId, image -> ImportMarks.stored(image, copy.store()));
            } catch (FaultException e) {
                if (e.is(Fault.Kind.UNSUPPORTED_MEDIA_TYPE) || e.is(Fault.Kind.INVALID)) {
                    throw e;
                }
                note(imageId, image -> ImportMarks.failed(image, List.of(copy.store())));
                if (allMustSucceed) {
                    throw e;
                }
                LOG.warn("Image {} does not get into store {}: {}", imageId, copy.store(), e.getMessage());
                made.add(copy);
            }
        }
        return new Made(made, data);
    }

    private Image.Data put(String imageId, Copy copy, Source source, @Nullable Scrutiny scrutiny) {
        Stores.Store store = ground.stores().require(copy.store());
        if (store.readOnly()) {
            throw Fault.of(Fault.Kind.GONE, "Gone", "Adding images to store " + store.id() + " is disabled.");
        }
        Image.Data data;
        try (InputStream in = source.opening().open()) {
            HashAlgorithm algorithm = HashAlgorithm.of(source.known().hashAlgo())
                    .orElse(ground.config().hashingAlgorithm());
            data = new Intake(store.driver(), copy.key(), ground.examination(algorithm, scrutiny))
                    .take(in, source.size());
        } catch (IOException e) {
            throw Fault.unavailable("The data of the image cannot be read.").because(e);
        }
        String hash = source.known().hash();
        if (hash != null && !hash.equals(data.hash())) {
            drop(imageId, store.id(), copy.key());
            throw Fault.internal("The data of the image is damaged.");
        }
        return data;
    }

    private void note(String imageId, UnaryOperator<Image> change) {
        ground.transactions()
                .run(tx -> ground.images()
                        .find(tx, imageId)
                        .ifPresent(image -> ground.images()
                                .save(
                                        tx,
                                        change.apply(image),
                                        ground.clockwork().now())));
    }

    /** Removes what there is of them. What a store does not let go of now is given up and stays for {@link DataCleanup}. */
    void drop(String imageId, List<Copy> copies) {
        copies.forEach(copy -> drop(imageId, copy.store(), copy.key()));
    }

    /** The same with what there is under a key; nothing for null. */
    void drop(String imageId, String store, @Nullable String key) {
        if (key == null) {
            return;
        }
        try {
            ground.stores()
                    .find(store)
                    .orElseThrow(() -> new IOException("it is not configured any more"))
                    .driver()
                    .delete(key);
        } catch (IOException e) {
            LOG.warn("Data in store {} is not removed yet: {}", store, key, e);
            Location left = new Location(
                    key,
                    imageId,
                    store,
                    Location.Status.DELETING,
                    ground.clockwork().now());
            ground.transactions().run(tx -> ground.leftovers().giveUp(tx, left));
        }
    }

    /** Makes those that are there the image's, and gives the others up; faults with CONFLICT when somebody was first. */
    void keep(Tx tx, String imageId, List<Copy> copies) {
        for (Copy copy : copies) {
            if (!copy.done()) {
                giveUp(tx, copy.key());
            } else if (!ground.locations().move(tx, copy.key(), Location.Status.IMPORTING, Location.Status.ACTIVE)) {
                throw Fault.conflict("Image " + imageId + " was deleted meanwhile.");
            }
        }
    }

    /** For {@link DataCleanup} to remove. */
    void giveUp(Tx tx, @Nullable String key) {
        if (key != null) {
            for (Location.Status status : List.of(Location.Status.IMPORTING, Location.Status.STAGED)) {
                ground.locations().move(tx, key, status, Location.Status.DELETING);
            }
        }
    }
}
