package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.store.StoreDriver.StoreInUse;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** API reference "Delete image from store": an image's data leaves one of the stores that have it. */
public final class CopiesApi {
    private static final Logger LOG = LoggerFactory.getLogger(CopiesApi.class);

    private final Transactions transactions;
    private final ImageAccess access;
    private final ImageStore images;
    private final LocationStore locations;
    private final Stores stores;
    private final InstantSource clock;
    private final Leftovers leftovers;

    public CopiesApi(
            Transactions transactions,
            ImageAccess access,
            ImageStore images,
            LocationStore locations,
            Stores stores,
            InstantSource clock) {
        this.transactions = transactions;
        this.access = access;
        this.images = images;
        this.locations = locations;
        this.stores = stores;
        this.clock = clock;
        this.leftovers = new Leftovers(transactions, locations, stores);
    }

    public List<Route> routes() {
        return List.of(Route.delete("/v2/stores/{store_id}/{image_id}")
                .policyInHandler(GlancePolicy.DELETE_IMAGE_LOCATION)
                .to(this::delete));
    }

    private Response delete(Request request) {
        String storeId = request.param("store_id");
        if (!stores.ids().contains(storeId)) {
            throw Fault.conflict("The selected store " + storeId + " is not available on this node.");
        }
        remove(transactions.write(tx -> giveUp(tx, request.caller(), request.param("image_id"), storeId)));
        return Response.empty(204);
    }

    /** From here on nobody reads it any more; what does not get removed below is left to {@link DataCleanup}. */
    private Location giveUp(Tx tx, Caller caller, String imageId, String storeId) {
        Image image = access.see(tx, caller, imageId, "Failed to find image %s");
        access.enforce(tx, caller, image, GlancePolicy.GET_IMAGE_LOCATION);
        access.enforce(tx, caller, image, GlancePolicy.DELETE_IMAGE_LOCATION);
        if (image.state() != ImageState.ACTIVE) {
            throw Fault.conflict("It's not allowed to remove image data from store if image status is not 'active'");
        }
        List<Location> active = locations.ofImage(tx, imageId, Location.Status.ACTIVE);
        if (active.size() == 1) {
            throw Fault.forbidden("Cannot delete image data from the only store containing it. Consider deleting the"
                    + " image instead.");
        }
        Location location = active.stream()
                .filter(one -> one.store().equals(storeId))
                .findFirst()
                .orElseThrow(() -> Fault.notFound("Image " + imageId + " is not stored in store " + storeId + "."));
        locations.move(tx, location.key(), Location.Status.ACTIVE, Location.Status.DELETING);
        // Also so that two such requests do not each leave the other's copy as the last.
        images.save(tx, image, clock.instant());
        return location;
    }

    private void remove(Location location) {
        try {
            leftovers.remove(location);
        } catch (StoreInUse e) {
            transactions.run(
                    tx -> locations.move(tx, location.key(), Location.Status.DELETING, Location.Status.ACTIVE));
            throw Fault.conflict("The data for Image " + location.imageId()
                            + " could not be deleted because it is in use: " + e.getMessage())
                    .because(e);
        } catch (IOException e) {
            LOG.warn("A copy of image {} is not removed from store {} yet", location.imageId(), location.store(), e);
        }
    }
}
