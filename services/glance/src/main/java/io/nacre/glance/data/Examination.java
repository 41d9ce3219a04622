package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.diskimage.UnsafeImage;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Counts, hashes and inspects an image's data that goes by, with constant memory. Each hash of a chunk is worked out on
 * a thread of its own, while whoever feeds it writes that chunk and reads the next.
 */
final class Examination {
    private static final int CHUNK = 1 << 18;
    private static final Executor BESIDE =
            task -> Thread.ofVirtual().name("hash of image data").start(task);

    private final MessageDigest md5 = HashAlgorithm.MD5.digest();
    private final HashAlgorithm algorithm;
    private final MessageDigest hash;
    private final long cap;
    private final @Nullable Scrutiny scrutiny;
    private final byte[][] chunks = new byte[2][];
    private CompletableFuture<Void> hashed = CompletableFuture.completedFuture(null);
    private int turn;
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

    /** Room for the bytes that are fed next. What was fed last is still worked on, and must not be changed. */
    byte[] room() {
        turn ^= 1;
        if (chunks[turn] == null) {
            chunks[turn] = new byte[CHUNK];
        }
        return chunks[turn];
    }

    /** Faults with TOO_LARGE beyond the cap. */
    void feed(byte[] room, int length) throws UnsafeImage {
        size += length;
        requireWithin(cap, size);
        if (scrutiny != null) {
            scrutiny.feed(room, 0, length);
        }
        hashed.join();
        hashed = CompletableFuture.allOf(
                CompletableFuture.runAsync(() -> md5.update(room, 0, length), BESIDE),
                CompletableFuture.runAsync(() -> hash.update(room, 0, length), BESIDE));
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
        hashed.join();
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
