package io.nacre.diskimage;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.jspecify.annotations.Nullable;

/** An encrypted disk (LUKS On-Disk Format Specification 1.2.3); hypervisors know the first version. */
final class Luks implements Format {
    private static final int VERSION = 6;
    private static final int PAYLOAD = 104;
    private static final int KEY_BYTES = 108;
    private static final int SLOTS = 208;
    private static final int SLOT = 48;
    private static final int SLOT_COUNT = 8;
    private static final int ENABLED = 0x00ac71f3;
    private static final int DISABLED = 0x0000dead;
    private static final int SECTOR = 512;

    @Override
    public DiskFormat id() {
        return DiskFormat.LUKS;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, "LUKS\u00ba\u00be");
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        int version = head.u16(VERSION, BIG_ENDIAN);
        if (version != 1) {
            throw new UnsafeImage("The luks image is of version " + version + ", which is not supported");
        }
        if (head.u32(KEY_BYTES, BIG_ENDIAN) > SECTOR) {
            throw new UnsafeImage("The luks image has a header that is not supported");
        }
        for (int slot = 0; slot < SLOT_COUNT; slot++) {
            int state = head.i32(SLOTS + slot * SLOT, BIG_ENDIAN);
            if (state != ENABLED && state != DISABLED) {
                throw new UnsafeImage("The luks image has a header that is not supported");
            }
        }
        return null;
    }

    @Override
    public boolean isEncrypted(Span head) {
        return true;
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        long payload = image.head().u32(PAYLOAD, BIG_ENDIAN) * SECTOR;
        if (payload > image.total()) {
            throw new UnsafeImage("The luks image is cut off");
        }
        return image.total() - payload;
    }
}
