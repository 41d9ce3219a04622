package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageView;
import io.nacre.glance.image.Places;
import io.nacre.glance.store.Stores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The locations of an image on the wire. Users may add data that others keep, in a store that reads only. */
public final class ImagePlaces implements Places {
    private final Transactions transactions;
    private final ImageAccess access;
    private final LocationStore locations;
    private final Stores stores;
    private final ImageQuotas quotas;
    private final LocationConfig config;
    private final Clockwork clockwork;

    public ImagePlaces(
            Transactions transactions,
            ImageAccess access,
            LocationStore locations,
            Stores stores,
            ImageQuotas quotas,
            GlanceConfig config,
            Clockwork clockwork) {
        this.transactions = transactions;
        this.access = access;
        this.locations = locations;
        this.stores = stores;
        this.quotas = quotas;
        this.config = config.locations();
        this.clockwork = clockwork;
    }

    @Override
    public List<Map<String, @Nullable Object>> show(Caller caller, List<Image> images) {
        if (!config.showImageDirectUrl() && !config.showMultipleLocations()) {
            return images.stream().map(ImageView::show).toList();
        }
        Map<String, List<Location>> known = new HashMap<>();
        transactions.run(tx -> {
            for (Image image : images) {
                if (access.allows(tx, caller, image, GlancePolicy.GET_IMAGE_LOCATION)) {
                    known.put(image.id(), active(tx, image));
                }
            }
        });
        return images.stream()
                .map(image -> show(image, known.getOrDefault(image.id(), List.of())))
                .toList();
    }

    private Map<String, @Nullable Object> show(Image image, List<Location> places) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(ImageView.show(image));
        List<Map<String, Object>> list = new ArrayList<>();
        for (Location place : places) {
            url(place).ifPresent(url -> list.add(Map.of("url", url, "metadata", Map.of("store", place.store()))));
        }
        if (config.showMultipleLocations()) {
            shown.put("locations", list);
        }
        if (config.showImageDirectUrl() && !list.isEmpty()) {
            shown.put("direct_url", list.getFirst().get("url"));
        }
        return shown;
    }

    private List<Location> active(Tx tx, Image image) {
        return stores.byWeight(locations.ofImage(tx, image.id(), Location.Status.ACTIVE), Location::store);
    }

    private java.util.Optional<String> url(Location location) {
        return stores.find(location.store()).map(store -> store.driver().url(location.place()));
    }

    /** Data that others keep, as it was found. */
    private record Found(
            String url,
            Stores.Store store,
            long size,
            @Nullable JsonNode validation) {}

    /** A change with what was found for it. */
    private record Ready(Change change, List<Found> found) {}

    @Override
    public Step prepare(Caller caller, String imageId, List<Change> changes) {
        if (changes.isEmpty()) {
            return (tx, image) -> image;
        }
        transactions.run(tx -> {
            Image image = access.see(tx, caller, imageId);
            for (Change change : changes) {
                access.enforce(
                        tx,
                        caller,
                        image,
                        change.operation().equals("remove")
                                ? GlancePolicy.DELETE_IMAGE_LOCATION
                                : GlancePolicy.SET_IMAGE_LOCATION);
                requireVisible(change.operation());
            }
        });
        List<Ready> ready = changes.stream().map(this::find).toList();
        return (tx, image) -> {
            Image changed = image;
            for (Ready one : ready) {
                changed = one.change().operation().equals("remove")
                        ? remove(tx, changed, String.valueOf(one.change().position()))
                        : add(tx, changed, one);
            }
            return changed;
        };
    }

    private void requireVisible(String operation) {
        if (!config.showMultipleLocations()) {
            String verb = operation.equals("replace") ? "update" : operation;
            throw Fault.forbidden("It's not allowed to " + verb + " locations if locations are invisible.");
        }
    }

    private Ready find(Change change) {
        JsonNode value = change.value();
        List<Found> found = new ArrayList<>();
        if (value != null && value.isArray()) {
            value.forEach(one -> found.add(find(one)));
        } else if (value != null) {
            found.add(find(value));
        }
        return new Ready(change, found);
    }

    private Found find(JsonNode location) {
        String url = location.get("url").stringValue();
        JsonNode named = location.get("metadata").get("store");
        Stores.Store store = stores.find(named == null ? "" : named.asString())
                .filter(one -> one.driver().takes(url))
                .or(() -> stores.taking(url))
                .orElseThrow(() -> Fault.invalid("Invalid location"));
        try {
            return new Found(url, store, store.driver().size(url), location.get("validation_data"));
        } catch (IOException e) {
            throw Fault.invalid("Invalid location: " + e.getMessage()).because(e);
        }
    }

    private Image add(Tx tx, Image image, Ready ready) {
        boolean replace = ready.change().operation().equals("replace");
        if (replace && ready.found().isEmpty()) {
            throw Fault.forbidden("Cannot set locations to empty list.");
        }
        if (image.state() != ImageState.ACTIVE && image.state() != ImageState.QUEUED) {
            throw Fault.conflict("It's not allowed to " + ready.change().operation() + " locations if image status is "
                    + image.state().wire() + ".");
        }
        List<String> urls = new ArrayList<>();
        active(tx, image).forEach(place -> url(place).ifPresent(urls::add));
        if (replace && !urls.isEmpty()) {
            List<String> wanted =
                    ready.found().stream().map(Found::url).sorted().toList();
            if (!wanted.equals(urls.stream().sorted().toList())) {
                throw Fault.invalid("Original locations is not empty: " + urls);
            }
            return image;
        }
        if (!replace && !String.valueOf(ready.change().position()).matches("-|\\d{1,9}")) {
            throw Fault.invalid("Invalid position for adding a location.");
        }
        Image changed = image;
        for (Found found : ready.found()) {
            if (urls.contains(found.url())) {
                throw Fault.invalid("The location " + found.url() + " already exists");
            }
            changed = add(tx, changed, found);
            urls.add(found.url());
        }
        return changed;
    }

    private Image add(Tx tx, Image image, Found found) {
        Validation validation = Validation.of(image, found.validation());
        Image changed = image;
        if (image.state() == ImageState.QUEUED) {
            Uploads.requireFormats(image);
            Image.Data data = validation.data(found.size());
            quotas.addData(tx, image, data);
            changed = image.with(image.state().to(ImageState.ACTIVE), data);
        } else if (!Long.valueOf(found.size()).equals(image.data().size())) {
            throw Fault.invalid("Invalid location: it has " + found.size() + " bytes, the image has "
                    + image.data().size());
        }
        locations.add(
                tx,
                new Location(
                        clockwork.id(),
                        image.id(),
                        found.store().id(),
                        Location.Status.ACTIVE,
                        clockwork.now(),
                        found.url()));
        List<String> names = new ArrayList<>(image.stores());
        names.add(found.store().id());
        return changed.keptIn(names);
    }

    /** The data itself is removed by {@link DataCleanup}. */
    private Image remove(Tx tx, Image image, String position) {
        if (image.state() != ImageState.ACTIVE) {
            throw Fault.conflict("It's not allowed to remove locations if image status is "
                    + image.state().wire() + ".");
        }
        List<Location> places = active(tx, image);
        if (places.size() == 1) {
            throw Fault.forbidden("Cannot remove last location in the image.");
        }
        int index = position.equals("-")
                ? places.size() - 1
                : position.matches("\\d{1,9}") ? Integer.parseInt(position) : -1;
        if (index < 0 || index >= places.size()) {
            throw Fault.invalid("Invalid position for removing a location.");
        }
        Location gone = places.get(index);
        locations.move(tx, gone.key(), Location.Status.ACTIVE, Location.Status.DELETING);
        List<String> names = new ArrayList<>(image.stores());
        names.remove(gone.store());
        return image.keptIn(names);
    }
}
