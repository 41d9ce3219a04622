package io.nacre.diskimage;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.jspecify.annotations.Nullable;

/** A raw disk with a master boot record, or with a GUID partition table behind a protective one (UEFI 2.10, chapter 5). */
final class Partitions implements Format {
    private static final int ENTRIES = 446;
    private static final int ENTRY = 16;
    private static final int ENTRY_COUNT = 4;
    private static final int TYPE = 4;
    private static final int MARK = 510;

    private static final int GUID_TABLE = 512;
    private static final int HEADER_SIZE = 12;
    private static final int COUNT = 80;
    private static final int SIZE = 84;
    private static final long MOST_TABLE_BYTES = 16 << 20;

    @Override
    public DiskFormat id() {
        return DiskFormat.PARTITIONED;
    }

    /** A filesystem's boot sector has the same mark, but no table that makes sense. */
    @Override
    public boolean begins(Span head) {
        try {
            if (!head.is(MARK, "U\u00aa")) {
                return false;
            }
            boolean used = false;
            for (int entry = 0; entry < ENTRY_COUNT; entry++) {
                int at = ENTRIES + entry * ENTRY;
                if ((head.u8(at) & 0x7f) != 0) {
                    return false;
                }
                used |= head.u8(at + TYPE) != 0;
            }
            return used;
        } catch (UnsafeImage e) {
            throw new IllegalStateException("before the mark, which is there", e);
        }
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        if (head.is(GUID_TABLE, "EFI PART")) {
            long header = head.u32(GUID_TABLE + HEADER_SIZE, LITTLE_ENDIAN);
            long count = head.u32(GUID_TABLE + COUNT, LITTLE_ENDIAN);
            long size = head.u32(GUID_TABLE + SIZE, LITTLE_ENDIAN);
            boolean sized = size >= 128 && size <= 4096 && Long.bitCount(size) == 1;
            if (header < 92 || header > 512 || !sized || count * size > MOST_TABLE_BYTES) {
                throw new UnsafeImage("The image has a GUID partition table that is out of range");
            }
        }
        return null;
    }

    @Override
    public Long virtualSize(Sight image) {
        return image.total();
    }
}
