package io.nacre.glance.format;

import java.nio.ByteOrder;

/** Formats of which we need the size, and to know that they have no parent. */
final class OtherFormats {
    private static final int VDI_TYPE = 0x4c;
    private static final int VDI_SIZE = 0x170;
    private static final int VDI_DIFFERENCE = 4;

    private static final int VHD_SIZE = 48;
    private static final int VHD_TYPE = 60;
    private static final int VHD_DIFFERENCE = 4;

    private static final int QED_FEATURES = 16;
    private static final int QED_SIZE = 48;

    private OtherFormats() {}

    static long vdi(Head head) throws UnsafeImage {
        if (head.i32(VDI_TYPE, ByteOrder.LITTLE_ENDIAN) == VDI_DIFFERENCE) {
            throw new UnsafeImage("The vdi image has a parent image, which is not allowed");
        }
        return head.i64(VDI_SIZE, ByteOrder.LITTLE_ENDIAN);
    }

    static long vhd(Head head, Head tail) throws UnsafeImage {
        Head footer = head.is(0, "conectix") ? head : tail;
        if (footer.i32(VHD_TYPE, ByteOrder.BIG_ENDIAN) == VHD_DIFFERENCE) {
            throw new UnsafeImage("The vhd image has a parent image, which is not allowed");
        }
        return footer.i64(VHD_SIZE, ByteOrder.BIG_ENDIAN);
    }

    static long qed(Head head) throws UnsafeImage {
        if ((head.i64(QED_FEATURES, ByteOrder.LITTLE_ENDIAN) & 1) != 0) {
            throw new UnsafeImage("The qed image has a backing file, which is not allowed");
        }
        return head.i64(QED_SIZE, ByteOrder.LITTLE_ENDIAN);
    }
}
