package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.diskimage.Inspector;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlanceErrors;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageQuotas;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageView;
import io.nacre.glance.image.Places;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.Stores;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The locations of an image on the wire. Users may add data that others keep, in a store that reads only. */
public final class ImagePlaces implements Places {
    private static final String STORE = "store";

    private final Transactions transactions;
    private final ImageAccess access;
    private final LocationStore locations;
    private final Stores stores;
    private final ImageQuotas quotas;
    private final GlanceConfig config;
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
        this.config = config;
        this.clockwork = clockwork;
    }

    @Override
    public List<Map<String, @Nullable Object>> show(Caller caller, List<Image> images) {
        if (!config.locations().showImageDirectUrl() && !config.locations().showMultipleLocations()) {
            return images.stream()
                    .map(image -> ImageView.show(readable(caller, image)))
                    .toList();
        }
        Map<String, List<Location>> known = transactions.read(tx -> {
            List<String> visible = images.stream()
                    .filter(image -> !isClosed(caller, image))
                    .filter(image -> access.allows(tx, caller, image, GlancePolicy.GET_IMAGE_LOCATION))
                    .map(Image::id)
                    .toList();
            return locations.active(tx, visible).stream().collect(Collectors.groupingBy(Location::imageId));
        });
        return images.stream()
                .map(image -> show(readable(caller, image), known.getOrDefault(image.id(), List.of())))
                .toList();
    }

    private Image readable(Caller caller, Image image) {
        Image readable = access.readable(caller, image);
        return isClosed(caller, image) ? readable.keptIn(List.of()) : readable;
    }

    /** Where the data of an image is that nobody gets any more is told to administrators only. */
    private boolean isClosed(Caller caller, Image image) {
        return image.state() == ImageState.DEACTIVATED && !access.isAdmin(caller);
    }

    private Map<String, @Nullable Object> show(Image image, List<Location> places) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(ImageView.show(image));
        if (config.locations().showMultipleLocations()) {
            shown.put("locations", list(places));
        }
        if (config.locations().showImageDirectUrl()) {
            stores.byWeight(places, Location::store).stream()
                    .flatMap(place -> url(place).stream())
                    .findFirst()
                    .ifPresent(url -> shown.put("direct_url", url));
        }
        return shown;
    }

    /** Where data is, in words of the API; what is in a store that is not configured any more is left out. */
    List<Map<String, Object>> list(List<Location> places) {
        List<Map<String, Object>> list = new ArrayList<>();
        for (Location place : places) {
            Map<String, Object> shown = new LinkedHashMap<>();
            url(place).ifPresent(url -> {
                shown.put("url", url);
                shown.put("metadata", place.metadata().deepCopy().put(STORE, place.store()));
                list.add(shown);
            });
        }
        return list;
    }

    private Optional<String> url(Location location) {
        return stores.find(location.store()).map(store -> store.driver().url(location.place()));
    }

    /** Data that others keep, as it was found. */
    private record Found(
            Stores.Store store, long size, @Nullable Long virtualSize) {}

    /** An image as it is to be, and the URLs of its data. */
    private record Base(Image image, Set<String> known) {}

    @Override
    public Step prepare(Caller caller, String imageId, List<Change> changes, UnaryOperator<Image> others) {
        if (changes.isEmpty()) {
            return (tx, image) -> image;
        }
        Base base = transactions.read(tx -> {
            Image image = access.see(tx, caller, imageId);
            for (Change change : changes) {
                if (change.operation().equals("replace") && wanted(change).isEmpty()) {
                    throw GlanceErrors.detailed(Fault.Kind.FORBIDDEN, "Cannot set locations to empty list.");
                }
                access.enforce(
                        tx,
                        caller,
                        image,
                        change.operation().equals("remove")
                                ? GlancePolicy.DELETE_IMAGE_LOCATION
                                : GlancePolicy.SET_IMAGE_LOCATION);
                requireVisible(change.operation());
            }
            List<Location> places = locations.active(tx, List.of(imageId));
            return new Base(
                    others.apply(image),
                    places.stream().flatMap(place -> url(place).stream()).collect(Collectors.toSet()));
        });
        Map<String, Found> found = new HashMap<>();
        for (Change change : changes) {
            for (JsonNode location : wanted(change)) {
                if (!base.known().contains(url(location))) {
                    found.computeIfAbsent(url(location), url -> look(base.image(), location, url));
                }
            }
        }
        return (tx, image) -> {
            if (!isAlike(image.attributes(), base.image().attributes())) {
                throw Fault.conflict("Image " + imageId + " was changed meanwhile.");
            }
            Arrangement arrangement = new Arrangement(tx, image, found);
            changes.forEach(arrangement::apply);
            return arrangement.written();
        };
    }

    private static List<JsonNode> wanted(Change change) {
        JsonNode value = change.value();
        if (value == null) {
            return List.of();
        }
        return value.isArray() ? value.valueStream().toList() : List.of(value);
    }

    private static String url(JsonNode location) {
        return location.get("url").stringValue();
    }

    private void requireVisible(String operation) {
        if (!config.locations().showMultipleLocations()) {
            String verb = operation.equals("replace") ? "update" : operation;
            throw Fault.forbidden("It's not allowed to " + verb + " locations if locations are invisible.");
        }
    }

    /** What the data was judged by is still so. */
    private static boolean isAlike(Image.Attributes one, Image.Attributes other) {
        return Objects.equals(one.diskFormat(), other.diskFormat())
                && Objects.equals(one.containerFormat(), other.containerFormat());
    }

    /** Finds data and looks into it; faults with INVALID when there is none, or it is not what the image says. */
    private Found look(Image image, JsonNode location, String url) {
        JsonNode named = location.get("metadata").get(STORE);
        Stores.Store store = stores.find(named == null ? "" : named.asString(""))
                .filter(one -> one.driver().takes(url))
                .or(() -> stores.taking(url))
                .orElseThrow(() -> Fault.invalid("Invalid location"));
        StoreDriver driver = store.driver();
        try {
            long size = driver.size(url);
            Inspector.Verdict verdict = Uploads.inspector(image, config)
                    .inspect(size, (offset, length) -> driver.read(url, offset, length));
            return new Found(store, size, verdict.virtualSize());
        } catch (IOException | UnsafeImage e) {
            throw Fault.invalid("Invalid location: " + e.getMessage()).because(e);
        }
    }

    /** The locations of an image, while a patch changes them. */
    private final class Arrangement {
        private final Tx tx;
        private final Map<String, Found> found;
        private final List<Location> before;
        private final List<Location> now;
        private Image image;

        Arrangement(Tx tx, Image image, Map<String, Found> found) {
            this.tx = tx;
            this.image = image;
            this.found = found;
            this.before = locations.active(tx, List.of(image.id()));
            this.now = new ArrayList<>(before);
        }

        void apply(Change change) {
            switch (change.operation()) {
                case "add" -> add(change);
                case "remove" -> remove(change);
                default -> replace(wanted(change));
            }
        }

        /** What was left out is removed by {@link DataCleanup}. */
        Image written() {
            locations.arrange(tx, before, now);
            return image.keptIn(now.stream().map(Location::store).toList());
        }

        private void add(Change change) {
            requireState("add", ImageState.ACTIVE, ImageState.QUEUED);
            int at = position(change, now.size(), true);
            add(Math.min(at, now.size()), Objects.requireNonNull(change.value()));
        }

        private void add(int at, JsonNode wanted) {
            String url = url(wanted);
            if (now.stream()
                    .anyMatch(other ->
                            ImagePlaces.this.url(other).filter(url::equals).isPresent())) {
                throw Fault.invalid("The location " + url + " already exists");
            }
            Found data = Optional.ofNullable(found.get(url)).orElseThrow(() -> Fault.invalid("Invalid location"));
            Validation validation = Validation.of(image, wanted.get("validation_data"), config.hashingAlgorithm());
            if (image.state() == ImageState.QUEUED) {
                Uploads.requireFormats(image);
                Image.Data known = validation.data(data.size(), data.virtualSize());
                quotas.addData(tx, image, known);
                image = image.with(image.state().to(ImageState.ACTIVE), known);
            } else if (!Long.valueOf(data.size()).equals(image.data().size())) {
                throw Fault.invalid("Invalid location: it has " + data.size() + " bytes, the image has "
                        + image.data().size());
            }
            now.add(
                    at,
                    new Location(
                            clockwork.id(),
                            image.id(),
                            data.store().id(),
                            Location.Status.ACTIVE,
                            clockwork.now(),
                            url,
                            metadata(wanted)));
        }

        /** With data there already, only what is said of it, and its order, can change. */
        private void replace(List<JsonNode> wanted) {
            requireState("replace", ImageState.ACTIVE, ImageState.QUEUED);
            if (now.isEmpty()) {
                wanted.forEach(one -> add(now.size(), one));
                return;
            }
            Map<String, Location> left = new LinkedHashMap<>();
            now.forEach(place -> ImagePlaces.this.url(place).ifPresent(url -> left.put(url, place)));
            String known = left.keySet().toString();
            List<Location> arranged = new ArrayList<>();
            for (JsonNode one : wanted) {
                Location place = left.remove(url(one));
                if (place == null) {
                    throw Fault.invalid("Original locations is not empty: " + known);
                }
                Validation.of(image, one.get("validation_data"), config.hashingAlgorithm());
                arranged.add(place.saying(metadata(one)));
            }
            if (!left.isEmpty()) {
                throw Fault.invalid("Original locations is not empty: " + known);
            }
            now.clear();
            now.addAll(arranged);
        }

        private void remove(Change change) {
            requireState("remove", ImageState.ACTIVE);
            if (now.size() == 1) {
                throw Fault.forbidden("Cannot remove last location in the image.");
            }
            now.remove(position(change, now.size(), false));
        }

        private void requireState(String what, ImageState... allowed) {
            if (!List.of(allowed).contains(image.state())) {
                throw Fault.conflict("It's not allowed to " + what + " locations if image status is "
                        + image.state().wire() + ".");
            }
        }

        private static int position(Change change, int count, boolean adding) {
            String text = String.valueOf(change.position());
            if (text.equals("-")) {
                return adding ? count : count - 1;
            }
            if (!text.matches("\\d{1,9}") || (!adding && Integer.parseInt(text) >= count)) {
                throw Fault.invalid("Invalid position for " + (adding ? "adding" : "removing") + " a location.");
            }
            return Integer.parseInt(text);
        }

        private static ObjectNode metadata(JsonNode wanted) {
            ObjectNode metadata = (ObjectNode) wanted.get("metadata").deepCopy();
            metadata.remove(STORE);
            return metadata;
        }
    }
}
