package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Counts, hashes and inspects an image's data that goes by, with constant memory. */
final class Examination {
    private final MessageDigest md5 = HashAlgorithm.MD5.digest();
    private final HashAlgorithm algorithm;
    private final MessageDigest hash;
    private final long cap;
    private final @Nullable Scrutiny scrutiny;
    private long size;

    /**
     * @param cap most bytes that may go by
     * @param scrutiny null for data that will be looked at later
     */
    Examination(HashAlgorithm algorithm, long cap, @Nullable Scrutiny scrutiny) {
        this.algorithm = algorithm;
        this.hash = algorithm.digest();
        this.cap = cap;
        this.scrutiny = scrutiny;
    }

    /** Faults with TOO_LARGE beyond the cap. */
    void feed(byte[] bytes, int length) throws UnsafeImage {
        size += length;
        requireWithin(cap, size);
        if (scrutiny != null) {
            scrutiny.feed(bytes, 0, length);
        }
        md5.update(bytes, 0, length);
        hash.update(bytes, 0, length);
    }

    /**
     * What the data is. Faults with INVALID when it broke off, or is not what was signed.
     *
     * @param expected bytes that were to come; -1 when nobody said
     */
    Image.Data finish(long expected) throws UnsafeImage {
        if (expected >= 0 && size != expected) {
            throw Fault.invalid("The image data has " + size + " bytes, expected were " + expected);
        }
        Long virtualSize = scrutiny == null ? null : scrutiny.finish();
        HexFormat hex = HexFormat.of();
        return new Image.Data(
                size, virtualSize, hex.formatHex(md5.digest()), algorithm.wire(), hex.formatHex(hash.digest()));
    }

    static void requireWithin(long cap, long size) {
        if (size > cap) {
            throw tooLarge("The incoming image is too large: Limit is " + cap + " bytes");
        }
    }

    static FaultException tooLarge(String message) {
        return Fault.of(Fault.Kind.TOO_LARGE, "RequestEntityTooLarge", message);
    }
}
