package io.nacre.glance.data;

import io.nacre.diskimage.Inspector;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.signature.SignatureCheck;
import org.jspecify.annotations.Nullable;

/**
 * What data has to pass on its way in.
 *
 * @param signature null when the image is not signed
 */
record Scrutiny(Inspector inspector, @Nullable SignatureCheck signature) {

    void feed(byte[] bytes, int offset, int length) throws UnsafeImage {
        inspector.feed(bytes, offset, length);
        if (signature != null) {
            signature.feed(bytes, offset, length);
        }
    }

    /** The bytes that a guest sees, null when the format does not say or there are none; faults with INVALID for a wrong signature. */
    @Nullable
    Long finish() throws UnsafeImage {
        Long virtualSize = inspector.finish().virtualSize();
        if (signature != null) {
            signature.finish();
        }
        return virtualSize == null || virtualSize == 0 ? null : virtualSize;
    }
}
