package io.nacre.diskimage;

import org.jspecify.annotations.Nullable;

/**
 * One disk format: how it is known, and what makes an image of it unsafe. An implementation holds no state; it is named
 * on one line in {@link Inspector}.
 */
interface Format {
    DiskFormat id();

    /** Whether the image begins like one; the head may be as short as the image. */
    boolean begins(Span head);

    /** Whether the image ends like one. The tail is the last {@link Sight#TAIL} bytes, or the whole of a shorter image. */
    default boolean ends(Span tail) {
        return false;
    }

    /**
     * What can be refused when only the head is there.
     *
     * @return what else of the image must be kept
     */
    default @Nullable Window check(Span head) throws UnsafeImage {
        return null;
    }

    /** What is refused when all has gone by; the bytes that a guest sees, null when the format does not say. */
    @Nullable
    Long virtualSize(Sight image) throws UnsafeImage;

    /** Whether it takes a secret to read. */
    default boolean isEncrypted(Span head) throws UnsafeImage {
        return false;
    }

    /** A part of the image that lies behind its head. */
    record Window(long offset, int length) {}
}
