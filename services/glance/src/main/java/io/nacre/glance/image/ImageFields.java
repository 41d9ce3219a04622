package io.nacre.glance.image;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.http.Schema;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a client may say of an image's fields, when it is created and when it is patched. */
final class ImageFields {
    private static final Schema SCHEMA = SchemaApi.body("image");

    private static final Set<String> READ_ONLY = Set.of(
            "created_at",
            "updated_at",
            "status",
            "checksum",
            "size",
            "virtual_size",
            "direct_url",
            "self",
            "file",
            "schema",
            "stores",
            "os_hash_algo",
            "os_hash_value");
    private static final Set<String> RESERVED = Set.of("location", "deleted", "deleted_at");
    private static final String RESERVED_PREFIX = "os_glance_";
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_VALUE = 65_535;

    /** Attributes that the client may write; everything else is a custom property. */
    private static final Set<String> ATTRIBUTES = Set.of(
            "name",
            "visibility",
            "owner",
            "protected",
            "os_hidden",
            "min_disk",
            "min_ram",
            "disk_format",
            "container_format",
            "tags",
            "id");

    private ImageFields() {}

    static boolean isAttribute(String name) {
        return ATTRIBUTES.contains(name);
    }

    static boolean isReadOnly(String name) {
        return READ_ONLY.contains(name);
    }

    /** Whether only glance itself may write it, with nothing of the kind being shown. */
    static boolean isReserved(String name) {
        return RESERVED.contains(name) || name.startsWith(RESERVED_PREFIX);
    }

    /** Faults with FORBIDDEN for what only glance itself may write. */
    static void requireWritable(String name) {
        if (READ_ONLY.contains(name)) {
            throw Fault.forbidden("Attribute '" + name + "' is read-only.");
        }
        if (isReserved(name)) {
            throw Fault.forbidden("Attribute '" + name + "' is reserved.");
        }
        if (name.equals("locations")) {
            throw Fault.forbidden("Attribute 'locations' is reserved.");
        }
        if (name.length() > LONGEST_NAME) {
            throw Fault.invalid("Custom property should not be greater than 255 characters.");
        }
    }

    /** A whole image or a part of one, by the schema and by what a schema cannot say. */
    static void check(JsonNode body) {
        SCHEMA.check(body);
        for (String number : Set.of("min_disk", "min_ram")) {
            JsonNode value = body.get(number);
            if (value != null && value.decimalValue().signum() < 0) {
                throw Fault.invalid(
                        "Invalid value '" + value + "' for parameter '" + number + "': Cannot be a negative value");
            }
            if (value != null && !value.canConvertToInt()) {
                throw Fault.invalid("'" + number + "' value out of range, must not exceed 2147483647.");
            }
        }
        body.propertyStream().forEach(field -> {
            if (field.getValue().isString() && field.getValue().stringValue().length() > LONGEST_VALUE) {
                throw Fault.invalid("The value of '" + field.getKey() + "' is too long.");
            }
        });
    }

    /** An image with one field changed. The value has been checked. */
    static Image set(Image image, String name, JsonNode value) {
        return switch (name) {
            case "visibility" -> image.visibleAs(value.stringValue());
            case "owner" -> image.ownedBy(text(value));
            case "tags" -> image.tagged(tags(value));
            case "name", "protected", "os_hidden", "min_disk", "min_ram", "disk_format", "container_format" ->
                image.with(attribute(image.attributes(), name, value));
            default -> {
                Map<String, String> properties = new TreeMap<>(image.properties());
                // Only a few well-known properties may be null; that is as good as absent.
                if (value.isNull()) {
                    properties.remove(name);
                } else {
                    properties.put(name, value.stringValue());
                }
                yield image.having(properties);
            }
        };
    }

    private static Image.Attributes attribute(Image.Attributes was, String name, JsonNode value) {
        return new Image.Attributes(
                name.equals("name") ? text(value) : was.name(),
                name.equals("disk_format") ? text(value) : was.diskFormat(),
                name.equals("container_format") ? text(value) : was.containerFormat(),
                name.equals("min_disk") ? value.intValue() : was.minDisk(),
                name.equals("min_ram") ? value.intValue() : was.minRam(),
                name.equals("protected") ? value.booleanValue() : was.guarded(),
                name.equals("os_hidden") ? value.booleanValue() : was.hidden());
    }

    static Set<String> tags(JsonNode list) {
        Set<String> tags = new TreeSet<>();
        list.forEach(tag -> tags.add(tag.stringValue()));
        return tags;
    }

    private static @Nullable String text(JsonNode value) {
        return value.isNull() ? null : value.stringValue();
    }

    /** A part of an image, for checking one field. */
    static JsonNode part(String name, JsonNode value) {
        Map<String, Object> part = new LinkedHashMap<>();
        part.put(name, value);
        return Json.tree(part);
    }

    /** Faults with TOO_LARGE when the image has more than it may have. */
    static void requireWithinLimits(GlanceConfig config, Image image) {
        limit(config.quota("tags"), image.tags().size(), "tags", "image tags");
        long own = image.properties().keySet().stream()
                .filter(name -> !name.startsWith(RESERVED_PREFIX))
                .count();
        limit(config.quota("properties"), own, "properties", "image properties");
    }

    /** The same of an image that got one tag more, in the words of that request. */
    static void requireRoomForTag(GlanceConfig config, Image image) {
        try {
            requireWithinLimits(config, image);
        } catch (FaultException e) {
            throw tooMany(
                    "Image tag limit exceeded for image " + image.id() + ": " + e.getMessage() + ":",
                    e.fault().code());
        }
    }

    private static void limit(long most, long wanted, String code, String what) {
        if (most >= 0 && wanted > most) {
            throw tooMany(
                    "The limit has been exceeded on the number of allowed " + what + ". Attempted: " + wanted
                            + ", Maximum: " + most,
                    code);
        }
    }

    static FaultException tooMany(String message, String code) {
        return Fault.of(Fault.Kind.TOO_LARGE, code, message);
    }
}
