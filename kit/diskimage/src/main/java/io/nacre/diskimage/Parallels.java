package io.nacre.diskimage;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.jspecify.annotations.Nullable;

/** The format of Parallels and of Virtuozzo's containers, called ploop here (docs/interop/parallels.txt in QEMU). */
final class Parallels implements Format {
    private static final String OLD = "WithoutFreeSpace";
    private static final String NEW = "WithouFreSpacExt";
    private static final int VERSION = 16;
    private static final int TRACKS = 28;
    private static final int ENTRIES = 32;
    private static final int SECTORS = 36;
    private static final int EXTENSION = 56;
    private static final int SECTOR = 512;

    @Override
    public DiskFormat id() {
        return DiskFormat.PLOOP;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, OLD) || head.is(0, NEW);
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        long tracks = head.u32(TRACKS, LITTLE_ENDIAN);
        if (head.u32(VERSION, LITTLE_ENDIAN) != 2
                || tracks == 0
                || head.i64(EXTENSION, LITTLE_ENDIAN) != 0
                || Math.ceilDiv(sectors(head), tracks) > head.u32(ENTRIES, LITTLE_ENDIAN)) {
            throw new UnsafeImage("The ploop image has a header that is not supported");
        }
        return null;
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        long sectors = sectors(image.head());
        if (sectors > Long.MAX_VALUE / SECTOR) {
            throw new UnsafeImage("The ploop image has a size that is out of range");
        }
        return sectors * SECTOR;
    }

    /** The older kind has but 32 bits for it. */
    private static long sectors(Span head) throws UnsafeImage {
        return head.is(0, OLD) ? head.u32(SECTORS, LITTLE_ENDIAN) : head.u64(SECTORS, LITTLE_ENDIAN);
    }
}
