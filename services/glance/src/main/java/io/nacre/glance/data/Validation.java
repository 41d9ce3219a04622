package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a user says of data that others keep.
 *
 * @param values checksum, os_hash_algo and os_hash_value as far as they are said
 */
record Validation(Map<String, String> values) {

    /**
     * Faults with CONFLICT when it is not what the image has, or no digest at all.
     *
     * @param wanted how the site hashes
     */
    static Validation of(Image image, @Nullable JsonNode told, HashAlgorithm wanted) {
        Map<String, String> values = new LinkedHashMap<>();
        if (told != null) {
            told.properties()
                    .forEach(one -> values.put(one.getKey(), one.getValue().stringValue()));
        }
        Map<String, @Nullable String> known = new LinkedHashMap<>();
        known.put("checksum", image.data().checksum());
        known.put("os_hash_algo", image.data().hashAlgo());
        known.put("os_hash_value", image.data().hash());
        values.entrySet().removeIf(one -> Objects.equals(known.get(one.getKey()), one.getValue()));
        for (String name : values.keySet()) {
            if (known.get(name) != null) {
                throw Fault.conflict(name + " is already set with a different value");
            }
        }
        if (values.isEmpty()) {
            return new Validation(values);
        }
        if (image.state() != ImageState.QUEUED) {
            throw Fault.conflict("New value(s) for " + String.join(", ", values.keySet())
                    + " may only be provided when image status is 'queued'");
        }
        requireDigests(values, wanted);
        return new Validation(values);
    }

    private static void requireDigests(Map<String, String> values, HashAlgorithm wanted) {
        String checksum = values.get("checksum");
        if (checksum != null && !checksum.matches("[0-9a-fA-F]{32}")) {
            throw Fault.conflict("checksum (" + checksum + ") is not a valid hexadecimal value");
        }
        String algorithm = String.valueOf(values.get("os_hash_algo"));
        if (!algorithm.equals(wanted.wire())) {
            throw Fault.conflict("os_hash_algo must be " + wanted.wire() + ", not " + algorithm);
        }
        String hash = String.valueOf(values.get("os_hash_value"));
        if (!hash.matches("([0-9a-fA-F]{2})*")) {
            throw Fault.conflict("os_hash_value (" + hash + ") is not a valid hexadecimal value");
        }
        if (hash.length() != 2 * wanted.bytes()) {
            throw Fault.conflict("os_hash_value (" + hash + ") is not the correct size for " + wanted.wire()
                    + " (should be " + wanted.bytes() + " bytes)");
        }
    }

    Image.Data data(long size, @Nullable Long virtualSize) {
        return new Image.Data(
                size, virtualSize, values.get("checksum"), values.get("os_hash_algo"), values.get("os_hash_value"));
    }
}
