package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.diskimage.Inspector;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.store.Stores;
import io.nacre.policy.PolicyRule;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data that comes with a request: straight into a store, or into the staging area. The image waits in a passing state
 * meanwhile; whatever goes wrong, it is queued again and nothing of the data stays.
 */
public final class Uploads {
    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Ground ground;
    private final ImageAccess access;

    public Uploads(Ground ground, ImageAccess access) {
        this.ground = ground;
        this.access = access;
    }

    /** An image with the place its data goes to. */
    private record Claim(Image image, Location location) {}

    /**
     * Makes the data that comes in the image's data; the image is active afterwards.
     *
     * @param token with which the caller came
     * @param storeId null for the default store
     * @param expected bytes that must come; -1 when nobody said
     */
    void upload(
            Caller caller,
            @Nullable String token,
            String imageId,
            @Nullable String storeId,
            InputStream in,
            long expected) {
        Stores.Store store =
                storeId == null ? ground.stores().byDefault() : ground.stores().require(storeId);
        Claim claim = ground.transactions()
                .write(tx -> claim(tx, caller, imageId, GlancePolicy.UPLOAD_IMAGE, ImageState.SAVING, store, expected));
        Supplier<@Nullable Scrutiny> scrutiny = () -> new Scrutiny(
                inspector(claim.image(), ground.config()), ground.signatures().of(claim.image(), token));
        receive(claim, store, scrutiny, in, expected, (tx, image, data) -> {
            ground.quotas().addData(tx, image, data);
            move(tx, claim.location(), Location.Status.ACTIVE);
            return image.with(image.state().to(ImageState.ACTIVE), data);
        });
    }

    /** Keeps the data that comes in for an import. */
    void stage(Caller caller, String imageId, InputStream in, long expected) {
        Stores.Store store = ground.stores().staging();
        Claim claim = ground.transactions()
                .write(tx ->
                        claim(tx, caller, imageId, GlancePolicy.MODIFY_IMAGE, ImageState.UPLOADING, store, expected));
        receive(claim, store, () -> null, in, expected, (tx, image, data) -> {
            move(tx, claim.location(), Location.Status.STAGED);
            return image.with(image.state(), new Image.Data(data.size(), null, null, null, null));
        });
    }

    /** What turns received data into an image's. */
    private interface Completion {
        Image complete(Tx tx, Image image, Image.Data data);
    }

    private void receive(
            Claim claim,
            Stores.Store store,
            Supplier<@Nullable Scrutiny> scrutiny,
            InputStream in,
            long expected,
            Completion completion) {
        String key = claim.location().key();
        boolean done = false;
        try (Heartbeat heartbeat = new Heartbeat(
                ground.config().uploadLease().dividedBy(4),
                () -> ground.transactions()
                        .run(tx -> ground.locations()
                                .touch(tx, key, ground.clockwork().now())))) {
            heartbeat.start();
            Image.Data data = new Intake(store.driver(), key, ground.examination(scrutiny.get())).take(in, expected);
            ground.transactions().run(tx -> {
                Image image = ground.images().find(tx, claim.image().id()).orElseThrow(() -> gone(claim));
                if (image.state() != claim.image().state()) {
                    throw gone(claim);
                }
                ground.images()
                        .save(
                                tx,
                                completion.complete(tx, image, data),
                                ground.clockwork().now());
            });
            done = true;
        } finally {
            if (!done) {
                release(claim);
            }
        }
    }

    private Claim claim(
            Tx tx,
            Caller caller,
            String imageId,
            PolicyRule rule,
            ImageState state,
            Stores.Store store,
            long expected) {
        Image image = access.allow(tx, caller, imageId, rule);
        if (store.readOnly()) {
            throw Fault.of(Fault.Kind.GONE, "Gone", "Adding images to store " + store.id() + " is disabled.");
        }
        image.state().to(state);
        if (state == ImageState.SAVING) {
            requireFormats(image);
            ground.quotas().checkData(tx, image, expected);
        } else {
            ground.quotas().checkStage(tx, image, expected);
        }
        ground.images().save(tx, image.in(state), ground.clockwork().now());
        ground.quotas().checkUploading(tx, image);
        Location location = new Location(
                ground.clockwork().id(),
                imageId,
                store.id(),
                Location.Status.WRITING,
                ground.clockwork().now());
        ground.locations().add(tx, location);
        return new Claim(image.in(state), location);
    }

    static void requireFormats(Image image) {
        List<String> missing = new ArrayList<>();
        if (image.attributes().diskFormat() == null) {
            missing.add("disk_format");
        }
        if (image.attributes().containerFormat() == null) {
            missing.add("container_format");
        }
        if (!missing.isEmpty()) {
            throw Fault.invalid((missing.size() == 1 ? "Property " : "Properties ") + String.join(", ", missing)
                    + " must be set prior to saving data.");
        }
    }

    /** Only images in a plain container are looked into; others are archives. */
    static Inspector inspector(Image image, GlanceConfig config) {
        String container = String.valueOf(image.attributes().containerFormat()).toLowerCase(Locale.ROOT);
        boolean plain = List.of("bare", "ami", "ari", "aki").contains(container);
        return new Inspector(
                plain ? image.attributes().diskFormat() : null,
                config.requireFormatMatch(),
                config.virtualSizeCap().count());
    }

    private void move(Tx tx, Location location, Location.Status to) {
        if (!ground.locations().move(tx, location.key(), Location.Status.WRITING, to)) {
            throw gone(location.imageId());
        }
    }

    private static RuntimeException gone(Claim claim) {
        return gone(claim.image().id());
    }

    private static RuntimeException gone(String imageId) {
        return Fault.of(
                Fault.Kind.GONE,
                "Gone",
                "Image " + imageId + " could not be found after upload. The image may have been deleted during the"
                        + " upload, cleaning up the chunks uploaded.");
    }

    /** Without the database, {@link DataCleanup} does it when the claim runs out. */
    private void release(Claim claim) {
        try {
            if (ground.transactions().<Boolean>write(tx -> giveBack(tx, claim))) {
                ground.leftovers().clear(claim.location());
            }
        } catch (RuntimeException e) {
            LOG.warn(
                    "What an upload left is not cleaned up yet: image {}",
                    claim.image().id(),
                    e);
        }
    }

    /** False when the data is the image's after all: it was committed, and only the database's answer got lost. */
    private boolean giveBack(Tx tx, Claim claim) {
        Location location = ground.locations()
                .find(tx, claim.location().key())
                .orElseGet(() -> claim.location().in(Location.Status.DELETING));
        if (location.status() == Location.Status.WRITING) {
            ground.images()
                    .find(tx, location.imageId())
                    .filter(image -> image.state() == claim.image().state())
                    .ifPresent(image -> ground.images()
                            .save(
                                    tx,
                                    image.in(ImageState.QUEUED),
                                    ground.clockwork().now()));
        } else if (location.status() != Location.Status.DELETING) {
            return false;
        }
        ground.leftovers().giveUp(tx, location);
        return true;
    }
}
