package io.nacre.glance.image;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Identity;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Quotas by limits that keystone keeps. As in the original they are looked at when something begins, sizes count in whole
 * MiB, and what is not registered is not to be had. They are read in the transaction that they guard, so that a limit which
 * was changed holds at once.
 */
public final class UnifiedLimits {
    private static final String IMAGES = "image_count_total";
    private static final String UPLOADING = "image_count_uploading";
    private static final String STORED = "image_size_total";
    private static final String STAGED = "image_stage_total";
    private static final int MIB_SHIFT = 20;

    private final Identity identity;
    private final String region;
    private final UsageStore usage = new UsageStore();

    public UnifiedLimits(Identity identity, String region) {
        this.identity = identity;
        this.region = region;
    }

    /** One more image. */
    void image(Tx tx, String project) {
        enforce(tx, project, IMAGES, usage.images(tx, project), 1);
    }

    /** An upload that has been noted with its image. */
    void uploading(Tx tx, String project) {
        enforce(tx, project, UPLOADING, usage.uploading(tx, project), 0);
    }

    /** So many more bytes in stores. */
    void stored(Tx tx, String project, long bytes) {
        enforce(tx, project, STORED, usage.storedBytes(tx, project) >> MIB_SHIFT, bytes >> MIB_SHIFT);
    }

    /** So many more bytes in the staging area. */
    void staged(Tx tx, String project, long bytes) {
        enforce(tx, project, STAGED, usage.stagedBytes(tx, project) >> MIB_SHIFT, bytes >> MIB_SHIFT);
    }

    /** Usage and limit by the name of the limit, sizes in MiB. */
    Map<String, Object> usage(Tx tx, String project) {
        Map<String, Long> limits = identity.limits(tx, "image", region, project);
        Map<String, Object> shown = new LinkedHashMap<>();
        show(shown, limits, STORED, usage.storedBytes(tx, project) >> MIB_SHIFT);
        show(shown, limits, STAGED, usage.stagedBytes(tx, project) >> MIB_SHIFT);
        show(shown, limits, IMAGES, usage.images(tx, project));
        show(shown, limits, UPLOADING, usage.uploading(tx, project));
        return shown;
    }

    private static void show(Map<String, Object> shown, Map<String, Long> limits, String name, long used) {
        shown.put(name, Map.of("usage", used, "limit", limits.getOrDefault(name, 0L)));
    }

    private void enforce(Tx tx, String project, String name, long used, long more) {
        long limit = identity.limits(tx, "image", region, project).getOrDefault(name, 0L);
        if (limit >= 0 && used + more > limit) {
            throw Fault.of(
                    Fault.Kind.QUOTA_EXCEEDED,
                    "OverQuota",
                    "The request returned a 413 Request Entity Too Large. This generally means that rate limiting or a"
                            + " quota threshold was breached.\n\nThe response body:\nProject " + project
                            + " is over a limit for [Resource " + name + " is over limit of " + limit
                            + " due to current usage " + used + " and delta " + more + "]");
        }
    }
}
