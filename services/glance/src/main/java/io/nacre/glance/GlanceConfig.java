package io.nacre.glance;

import io.nacre.config.Bytes;
import io.nacre.config.Doc;
import io.nacre.glance.cache.CacheConfig;
import io.nacre.glance.data.ImportConfig;
import io.nacre.glance.data.LocationConfig;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.PropertyProtectionConfig;
import io.nacre.glance.signature.SignatureConfig;
import io.nacre.glance.store.StoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Section {@code [glance]}.
 */
@Doc("The image service.")
public record GlanceConfig(
        @Doc("Folder that holds the images' data; must be on a filesystem all controllers share.")
        Path storeDirectory,

        @Doc("Largest image that is taken in.") Bytes imageSizeCap,

        @Doc("Largest disk that an image may show to a guest, however small the image is.")
        Bytes virtualSizeCap,

        @Doc("What one project may own, by kind.") List<String> quotas,

        @Doc("Refuse data of no known format for an image that does not say raw; false is what 2024.1 does.")
        boolean requireFormatMatch,

        @Doc("How new images are hashed, which they tell as os_hash_algo and os_hash_value.")
        HashAlgorithm hashingAlgorithm,

        @Doc("Import methods that are offered: glance-direct, web-download, copy-image," + " glance-download.")
        List<String> importMethods,

        @Doc("Ports that web-download may connect to.") List<Integer> webDownloadPorts,

        @Doc("Addresses that web-download may reach although they are internal, such as 127.0.0.1.")
        List<String> webDownloadAllow,

        @Doc("An upload that has not been heard of for this long is given up.")
        Duration uploadLease,

        @Doc("What happens to images on their way in.") ImportConfig imports,

        @Doc("Places for images' data by name. Without any there is one store, file, in store_directory.")
        Map<String, StoreConfig> store,

        @Doc("Where data goes that nobody chose a store for. The first store that can be written when it is not set.")
        @Nullable
        String defaultStore,

        @Doc("Copies of images' data that comes from far away.")
        CacheConfig cache,

        @Doc("What images show of where their data is, and how it is made theirs.")
        LocationConfig locations,

        @Doc("Who may touch which custom properties.") PropertyProtectionConfig propertyProtection,

        @Doc("Where the certificates are that signatures of images are verified with.")
        SignatureConfig signatures,

        @Doc("Whether keystone's limits of image_count_total, image_size_total, image_stage_total and"
                + " image_count_uploading hold; they must be registered then, sizes in MiB.")
        boolean useKeystoneLimits) {

    private static final List<String> NAMES = List.of("images", "size_mib", "members", "tags", "properties");

    private static final List<String> METHODS =
            List.of("glance-direct", "web-download", "copy-image", "glance-download");

    public GlanceConfig {
        for (String quota : quotas) {
            if (!NAMES.contains(quota.split("=", 2)[0]) || !quota.matches("[a-z_]+=-?\\d{1,9}")) {
                throw new IllegalArgumentException("quotas: one of " + NAMES + ", as name=number, -1 for no limit");
            }
        }
        if (!METHODS.containsAll(importMethods)) {
            throw new IllegalArgumentException("import_methods: known are " + String.join(", ", METHODS));
        }
        for (String id : store.keySet()) {
            if (!id.matches("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}") || id.startsWith("os_glance_")) {
                throw new IllegalArgumentException("store: not a name for one, or a reserved one: " + id);
            }
        }
        StoreConfig byDefault = defaultStore == null ? null : store.get(defaultStore);
        if (defaultStore != null && (byDefault == null || byDefault.readOnly())) {
            throw new IllegalArgumentException("default_store: there is no such store, or it is read only");
        }
        if (!store.isEmpty() && store.values().stream().allMatch(StoreConfig::readOnly)) {
            throw new IllegalArgumentException("store: there must be one that can be written");
        }
    }

    public static GlanceConfig defaults(Path storeDirectory) {
        return new GlanceConfig(
                storeDirectory,
                Bytes.ofGiB(1024),
                Bytes.ofGiB(64 << 10),
                List.of("images=-1", "size_mib=-1", "members=128", "tags=128", "properties=128"),
                true,
                HashAlgorithm.SHA512,
                METHODS,
                List.of(80, 443),
                List.of(),
                Duration.ofSeconds(30),
                ImportConfig.DEFAULTS,
                Map.of(),
                null,
                CacheConfig.OFF,
                LocationConfig.DEFAULTS,
                PropertyProtectionConfig.NONE,
                SignatureConfig.DEFAULTS,
                false);
    }

    /** A quota by name; a negative number is no limit. */
    public long quota(String name) {
        return quotas.stream()
                .map(quota -> quota.split("=", 2))
                .filter(parts -> parts[0].equals(name))
                .mapToLong(parts -> Long.parseLong(parts[1]))
                .findFirst()
                .orElse(-1);
    }
}
