package io.nacre.glance.image;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    public Image with(ImageState state, Data data) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }

    public Image with(Attributes attributes) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }

    public Image visibleAs(String visibility) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }

    public Image ownedBy(@Nullable String owner) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }

    public Image tagged(Set<String> tags) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }

    public Image keptIn(List<String> stores) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }

    public Image having(Map<String, String> properties) {
        return new Image(
                id,
                generation,
                state,
                visibility,
                owner,
                attributes,
                data,
                properties,
                tags,
                stores,
                createdAt,
                updatedAt);
    }
}
