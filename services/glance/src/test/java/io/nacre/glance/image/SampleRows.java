package io.nacre.glance.image;

import io.nacre.base.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rows for tests of other packages. */
public final class SampleRows {
    static final String PROJECT = "p";
    static final Instant LONG_AGO = Instant.parse("2026-01-02T12:00:00Z");

    private SampleRows() {}

    /** An image of three bytes in some state, counted as the API would have. */
    public static void create(Tx tx, ImageStore images, ImageQuotas quotas, String id, ImageState state) {
        Image image = new Image(
                id,
                1,
                state,
                "shared",
                PROJECT,
                new Image.Attributes("i", "raw", "bare", 0, 0, false, false),
                new Image.Data(3L, null, null, null, null),
                Map.of(),
                Set.of(),
                List.of(),
                LONG_AGO,
                LONG_AGO);
        quotas.addImage(tx, image);
        if (image.hasData()) {
            quotas.addData(tx, image, image.data());
        }
        images.create(tx, image);
    }

    /** What the project's data counts for. */
    public static long bytes(Tx tx, ImageQuotas quotas) {
        return quotas.bytes(tx, PROJECT);
    }
}
