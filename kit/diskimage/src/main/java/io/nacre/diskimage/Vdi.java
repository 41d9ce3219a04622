package io.nacre.diskimage;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.jspecify.annotations.Nullable;

/** VirtualBox's format, of version 1.1, with a map of blocks or with all of them. */
final class Vdi implements Format {
    private static final int VERSION = 0x44;
    private static final int TYPE = 0x4c;
    private static final int SECTOR_SIZE = 0x168;
    private static final int SIZE = 0x170;
    private static final int BLOCK_SIZE = 0x178;
    private static final int BLOCKS = 0x180;
    private static final int LINK = 0x1a8;
    private static final int TWO_IDS = 32;

    private static final int DYNAMIC = 1;
    private static final int FIXED = 2;

    @Override
    public DiskFormat id() {
        return DiskFormat.VDI;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0x40, "\u007f\u0010\u00da\u00be");
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        int type = head.i32(TYPE, LITTLE_ENDIAN);
        // The link is to the disk that a difference is to; only the other types stand for themselves.
        if ((type != DYNAMIC && type != FIXED) || !head.isZero(LINK, TWO_IDS)) {
            throw new UnsafeImage("The vdi image has a parent image, which is not allowed");
        }
        long block = head.u32(BLOCK_SIZE, LITTLE_ENDIAN);
        long size = head.u64(SIZE, LITTLE_ENDIAN);
        if (head.i32(VERSION, LITTLE_ENDIAN) != 0x00010001
                || head.u32(SECTOR_SIZE, LITTLE_ENDIAN) != 512
                || block != 1 << 20
                || Math.ceilDiv(size, block) > head.u32(BLOCKS, LITTLE_ENDIAN)) {
            throw new UnsafeImage("The vdi image has a header that is not supported");
        }
        return null;
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        return image.head().u64(SIZE, LITTLE_ENDIAN);
    }
}
