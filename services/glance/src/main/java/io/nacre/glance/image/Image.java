package io.nacre.glance.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An image.
 *
 * @param generation moves on with every change
 * @param visibility public, private, shared or community
 * @param properties the custom ones
 * @param stores names of the stores that hold its data
 */
public record Image(
        String id,
        long generation,
        ImageState state,
        String visibility,
        @Nullable String owner,
        Attributes attributes,
        Data data,
        Map<String, String> properties,
        Set<String> tags,
        List<String> stores,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * What its owner says about it.
     *
     * @param minDisk GiB
     * @param minRam MiB
     * @param guarded cannot be deleted
     */
    public record Attributes(
            @Nullable String name,
            @Nullable String diskFormat,
            @Nullable String containerFormat,
            int minDisk,
            int minRam,
            boolean guarded,
            boolean hidden) {}

    /**
     * What is known of its data; sizes in bytes.
     *
     * @param checksum MD5, in hexadecimal
     * @param hash in hexadecimal, of hashAlgo
     */
    public record Data(
            @Nullable Long size,
            @Nullable Long virtualSize,
            @Nullable String checksum,
            @Nullable String hashAlgo,
            @Nullable String hash) {
        public static final Data NONE = new Data(null, null, null, null, null);
    }

    public boolean hasData() {
        return state == ImageState.ACTIVE || state == ImageState.DEACTIVATED;
    }

    public Image in(ImageState next) {
        return with(state.to(next), next == ImageState.QUEUED ? Data.NONE : data);
    }

    /** This image but for what is set here. */
    private final class Change {
        private ImageState state = Image.this.state;
        private String visibility = Image.this.visibility;
        private @Nullable String owner = Image.this.owner;
        private Attributes attributes = Image.this.attributes;
        private Data data = Image.this.data;
        private Map<String, String> properties = Image.this.properties;
        private Set<String> tags = Image.this.tags;
        private List<String> stores = Image.this.stores;
    }

    private Image changed(Consumer<Change> setting) {
        Change to = new Change();
        setting.accept(to);
        return new Image(
                id,
                generation,
                to.state,
                to.visibility,
                to.owner,
                to.attributes,
                to.data,
                to.properties,
                to.tags,
                to.stores,
                createdAt,
                updatedAt);
    }

    public Image with(ImageState state, Data data) {
        return changed(to -> {
            to.state = state;
            to.data = data;
        });
    }

    public Image with(Attributes attributes) {
        return changed(to -> to.attributes = attributes);
    }

    public Image visibleAs(String visibility) {
        return changed(to -> to.visibility = visibility);
    }

    public Image ownedBy(@Nullable String owner) {
        return changed(to -> to.owner = owner);
    }

    public Image tagged(Set<String> tags) {
        return changed(to -> to.tags = tags);
    }

    public Image keptIn(List<String> stores) {
        return changed(to -> to.stores = stores);
    }

    public Image having(Map<String, String> properties) {
        return changed(to -> to.properties = properties);
    }
}
