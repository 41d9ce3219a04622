package io.nacre.glance.image;

import io.nacre.http.View;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image on the wire: custom properties beside the attributes, times in whole seconds. */
public final class ImageView {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

    private static final View<Image> VIEW = new View<Image>()
            .field("name", image -> image.attributes().name())
            .field("disk_format", image -> image.attributes().diskFormat())
            .field("container_format", image -> image.attributes().containerFormat())
            .field("visibility", Image::visibility)
            .field("size", image -> image.data().size())
            .field("virtual_size", image -> image.data().virtualSize())
            .field("status", image -> image.state().wire())
            .field("checksum", image -> image.data().checksum())
            .field("protected", image -> image.attributes().guarded())
            .field("min_ram", image -> image.attributes().minRam())
            .field("min_disk", image -> image.attributes().minDisk())
            .field("owner", Image::owner)
            .field("os_hidden", image -> image.attributes().hidden())
            .field("os_hash_algo", image -> image.data().hashAlgo())
            .field("os_hash_value", image -> image.data().hash())
            .field("id", Image::id)
            .field("created_at", image -> time(image.createdAt()))
            .field("updated_at", image -> time(image.updatedAt()))
            .field("tags", Image::tags)
            .field("self", ImageView::path)
            .field("file", image -> path(image) + "/file")
            .field("schema", image -> "/v2/schemas/image");

    private ImageView() {}

    public static Map<String, @Nullable Object> show(Image image) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(image.properties());
        shown.putAll(VIEW.show(image));
        if (!image.stores().isEmpty()) {
            shown.put("stores", String.join(",", image.stores()));
        }
        return shown;
    }

    static String path(Image image) {
        return "/v2/images/" + image.id();
    }

    public static String time(Instant instant) {
        return TIME.format(instant);
    }
}
