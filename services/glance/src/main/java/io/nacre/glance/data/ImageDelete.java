package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageStore;
import io.nacre.glance.store.Stores;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** Deletes an image: gone from the API at once, its data removed by a task. */
public final class ImageDelete {
    private final ImageStore images;
    private final LocationStore locations;
    private final Stores stores;
    private final Tasks tasks;
    private final ImageQuotas quotas;
    private final InstantSource clock;
    private final Saga<Removal> saga;

    public ImageDelete(
            ImageStore images,
            LocationStore locations,
            Stores stores,
            Tasks tasks,
            ImageQuotas quotas,
            InstantSource clock) {
        this.images = images;
        this.locations = locations;
        this.stores = stores;
        this.tasks = tasks;
        this.quotas = quotas;
        this.clock = clock;
        this.saga = Saga.named("image.delete", Removal.class)
                .remote("remove data", Duration.ofMinutes(5), 5, this::removeData)
                .local("forget data", this::forget)
                .build();
    }

    /** What a task has to remove. */
    public record Removal(String imageId, List<Place> places) {}

    /** Data by its key, and the store it is in. */
    public record Place(String key, String store) {}

    public Saga<Removal> saga() {
        return saga;
    }

    /** Faults with FORBIDDEN when the image is protected. */
    void start(Tx tx, Caller caller, Image image) {
        if (image.attributes().guarded()) {
            throw Fault.forbidden("Image " + image.id() + " is protected and cannot be deleted.");
        }
        quotas.remove(tx, image);
        images.save(tx, image.in(ImageState.DELETED), clock.instant());
        List<Place> places = locations.ofImage(tx, image.id()).stream()
                .map(location -> new Place(location.key(), location.store()))
                .toList();
        locations.giveUp(tx, image.id());
        if (ImportMarks.isBusy(image)) {
            tasks.cancel(tx, resource(image.id()), "The image was deleted.");
        }
        if (!places.isEmpty()) {
            tasks.start(tx, caller, saga, resource(image.id()), new Removal(image.id(), places));
        }
    }

    static String resource(String imageId) {
        return "image/" + imageId;
    }

    private Removal removeData(Saga.Context context, Removal removal) {
        for (Place place : removal.places()) {
            try {
                stores.require(place.store()).driver().delete(place.key());
            } catch (IOException e) {
                throw Fault.unavailable("The data of image " + removal.imageId() + " could not be removed.")
                        .because(e);
            }
        }
        return removal;
    }

    private Removal forget(Tx tx, Removal removal) {
        removal.places().forEach(place -> locations.remove(tx, place.key()));
        return removal;
    }
}
