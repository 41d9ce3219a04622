package io.nacre.glance.data;

import io.nacre.config.Doc;
import io.nacre.glance.convert.ConversionConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Section {@code [glance.imports]}. */
public record ImportConfig(
        @Doc("How long a task is shown after its end.") Duration taskTimeToLive,

        @Doc("What is done to images on their way in: image_decompression, image_conversion,"
                + " inject_image_metadata, in this order.")
        List<String> plugins,

        @Doc("Compressed images may become this many times as large, and no larger; below 64 MiB all may.")
        int decompressionRatio,

        @Doc("Images of users with one of these roles get no properties injected.")
        List<String> ignoreUserRoles,

        @Doc("Properties that inject_image_metadata gives to images.")
        Map<String, String> inject,

        @Doc("glance-download copies the properties of the other image that begin like this.")
        List<String> copiedProperties,

        @Doc("What image_conversion makes of images. It runs qemu-img in namespaces of its own.")
        ConversionConfig conversion) {
    public static final String DECOMPRESSION = "image_decompression";
    public static final String CONVERSION = "image_conversion";
    public static final String INJECTION = "inject_image_metadata";
    private static final List<String> PLUGINS = List.of(DECOMPRESSION, CONVERSION, INJECTION);
    private static final int LONGEST_NAME = 255;

    public static final ImportConfig DEFAULTS = new ImportConfig(
            Duration.ofDays(2),
            List.of(),
            250,
            List.of("admin"),
            Map.of(),
            List.of("hw_", "trait:", "os_distro", "os_secure_boot", "os_type"),
            ConversionConfig.DEFAULTS);

    public ImportConfig {
        if (!taskTimeToLive.isPositive() || decompressionRatio < 1) {
            throw new IllegalArgumentException("task_time_to_live and decompression_ratio: more than zero");
        }
        if (!PLUGINS.stream().filter(plugins::contains).toList().equals(plugins)) {
            throw new IllegalArgumentException("plugins: some of " + String.join(", ", PLUGINS) + ", in this order");
        }
        for (String name : inject.keySet()) {
            if (name.isEmpty() || name.length() > LONGEST_NAME || name.startsWith("os_glance_")) {
                throw new IllegalArgumentException("inject: not a name that a property may have: " + name);
            }
        }
    }
}
