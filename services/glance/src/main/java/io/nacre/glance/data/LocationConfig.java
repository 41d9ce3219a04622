package io.nacre.glance.data;

import io.nacre.config.Doc;

/** Options of [glance.locations]. */
public record LocationConfig(
        @Doc("Whether an image shows where its data is, as direct_url.")
        boolean showImageDirectUrl,

        @Doc(
                "Whether an image shows every place of its data, as locations, and places can be added and removed. Who may is"
                        + " said by the policies get_image_location, set_image_location and delete_image_location.")
        boolean showMultipleLocations,

        @Doc(
                "Whether data that is added by the location API is read as a whole, and hashed. Otherwise only the parts are"
                        + " read that tell whether it is safe, and its hash is what the client says.")
        boolean doSecureHash,

        @Doc("How often such data is tried again that cannot be read.")
        int httpRetries) {

    public static final LocationConfig DEFAULTS = new LocationConfig(false, false, true, 3);

    public LocationConfig {
        if (httpRetries < 0) {
            throw new IllegalArgumentException("http_retries: not less than zero");
        }
    }
}
