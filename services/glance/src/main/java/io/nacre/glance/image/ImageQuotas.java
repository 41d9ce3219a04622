package io.nacre.glance.image;

import io.nacre.base.Tx;
import io.nacre.glance.GlanceConfig;
import io.nacre.quota.Quotas;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a project may own: images by number, and the bytes of their data. The names are those of the original's
 * registered limits, which counts sizes in MiB on the wire.
 */
public final class ImageQuotas {
    private static final String COUNT = "image_count_total";
    private static final String SIZE = "image_size_total";
    private static final int MIB_SHIFT = 20;

    private final Quotas quotas;
    private final Optional<UnifiedLimits> unified;

    public ImageQuotas(GlanceConfig config) {
        this(config, Optional.empty());
    }

    /** @param unified limits that hold beside the configured ones, when the site wants them */
    public ImageQuotas(GlanceConfig config, Optional<UnifiedLimits> unified) {
        this.unified = unified;
        long mib = config.quota("size_mib");
        Map<String, Long> limits = new LinkedHashMap<>();
        limits.put(SIZE, mib < 0 ? Quotas.UNLIMITED : mib << MIB_SHIFT);
        limits.put(COUNT, config.quota("images"));
        this.quotas = new Quotas("glance", limits);
    }

    /** Counts a new image; faults with QUOTA_EXCEEDED. */
    void addImage(Tx tx, Image image) {
        limit(image, (limits, project) -> limits.image(tx, project));
        reserve(tx, image.owner(), Map.of(COUNT, 1L));
    }

    /** Counts the data of an image; faults with QUOTA_EXCEEDED. */
    public void addData(Tx tx, Image image, Image.Data data) {
        reserve(tx, image.owner(), Map.of(SIZE, size(data)));
    }

    private interface Check {
        void look(UnifiedLimits limits, String project);
    }

    private void limit(Image image, Check check) {
        String owner = image.owner();
        if (owner != null) {
            unified.ifPresent(limits -> check.look(limits, owner));
        }
    }

    /** Faults with QUOTA_EXCEEDED when the staging area would hold too much. */
    public void checkStage(Tx tx, Image image, long bytes) {
        limit(image, (limits, project) -> limits.staged(tx, project, Math.max(bytes, 0)));
        checkConfigured(tx, image, bytes);
    }

    /** Faults with QUOTA_EXCEEDED when too many images get their data now, those that the database tells of so far. */
    public void checkUploading(Tx tx, Image image) {
        limit(image, (limits, project) -> limits.uploading(tx, project));
    }

    /** Faults with QUOTA_EXCEEDED when so much more data would be too much; for refusing early. */
    public void checkData(Tx tx, Image image, long bytes) {
        limit(image, (limits, project) -> limits.stored(tx, project, Math.max(bytes, 0)));
        checkConfigured(tx, image, bytes);
    }

    private void checkConfigured(Tx tx, Image image, long bytes) {
        if (image.owner() != null) {
            long used = bytes(tx, image.owner());
            // An upload without a length is refused only when there is no room for a single byte.
            quotas.check(tx, image.owner(), SIZE, used, Math.max(bytes, 1));
        }
    }

    /** What the data of a project's images counts for. */
    long bytes(Tx tx, String project) {
        Quotas.Usage usage = quotas.usage(tx, project).get(SIZE);
        return usage == null ? 0 : usage.used();
    }

    /** Gives back what an image counted for. */
    public void remove(Tx tx, Image image) {
        if (image.owner() != null) {
            quotas.release(tx, image.owner(), amounts(image));
        }
    }

    /** Gives back what an image's data counted for. */
    public void removeData(Tx tx, Image image) {
        if (image.owner() != null) {
            quotas.release(tx, image.owner(), Map.of(SIZE, size(image.data())));
        }
    }

    /** Counts an image for its new owner instead of the old one. */
    void hand(Tx tx, Image from, Image to) {
        remove(tx, from);
        reserve(tx, to.owner(), amounts(to));
    }

    /** Usage and limit by the name of the limit, sizes in MiB. */
    public Map<String, Object> usage(Tx tx, String project) {
        return unified.map(limits -> limits.usage(tx, project)).orElseGet(() -> counted(tx, project));
    }

    private Map<String, Object> counted(Tx tx, String project) {
        Map<String, Object> shown = new LinkedHashMap<>();
        quotas.usage(tx, project).forEach((name, usage) -> {
            int shift = name.equals(SIZE) ? MIB_SHIFT : 0;
            long limit = usage.limit() < 0 ? usage.limit() : usage.limit() >> shift;
            shown.put(name, Map.of("limit", limit, "usage", usage.used() >> shift));
        });
        return shown;
    }

    private void reserve(Tx tx, @Nullable String owner, Map<String, Long> amounts) {
        if (owner != null) {
            quotas.reserve(tx, owner, amounts);
        }
    }

    private static Map<String, Long> amounts(Image image) {
        // Staged data has a size too, but is not counted before it is the image's.
        return Map.of(COUNT, 1L, SIZE, image.hasData() ? size(image.data()) : 0L);
    }

    private static long size(Image.Data data) {
        return data.size() == null ? 0 : data.size();
    }
}
