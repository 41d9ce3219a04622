package io.nacre.glance.data;

import io.nacre.config.Doc;

/** Options of [glance.locations]. */
public record LocationConfig(
        @Doc("Whether an image shows where its data is, as direct_url.")
        boolean showImageDirectUrl,

        @Doc(
                "Whether an image shows every place of its data, as locations, and places can be added and removed. Who may is"
                        + " said by the policies get_image_location, set_image_location and delete_image_location.")
        boolean showMultipleLocations) {

    public static final LocationConfig DEFAULTS = new LocationConfig(false, false);
}
