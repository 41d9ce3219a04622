package io.nacre.diskimage;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.jspecify.annotations.Nullable;

/**
 * Microsoft's older format (Virtual Hard Disk Image Format Specification 1.0): a footer behind the data, of which a
 * dynamic disk has a copy at its beginning.
 */
final class Vhd implements Format {
    private static final String MAGIC = "conectix";
    private static final int FOOTER = 512;
    private static final int DYNAMIC_AT = 16;
    private static final int SIZE = 48;
    private static final int TYPE = 60;
    private static final int CHECKSUM = 64;

    private static final int FIXED = 2;
    private static final int DYNAMIC = 3;

    private static final int ENTRIES = 28;
    private static final int BLOCK = 32;
    private static final int PARENT_ID = 40;
    private static final int PARENT_NAME = 64;
    private static final int LOCATORS_END = 768;

    @Override
    public DiskFormat id() {
        return DiskFormat.VHD;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, MAGIC);
    }

    @Override
    public boolean ends(Span tail) {
        return tail.length() >= FOOTER && tail.is(tail.length() - FOOTER, MAGIC);
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        if (begins(head)) {
            footer(head, 0);
            dynamic(head);
        }
        return null;
    }

    private static void footer(Span span, int at) throws UnsafeImage {
        int type = span.i32(at + TYPE, BIG_ENDIAN);
        if (type != FIXED && type != DYNAMIC) {
            throw new UnsafeImage("The vhd image has a parent image, which is not allowed");
        }
        int sum = 0;
        for (int i = 0; i < FOOTER; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + 4 ? 0 : span.u8(at + i);
        }
        if (~sum != span.i32(at + CHECKSUM, BIG_ENDIAN)) {
            throw new UnsafeImage("The vhd image has a footer with a wrong checksum");
        }
    }

    private static void dynamic(Span head) throws UnsafeImage {
        if (head.i32(TYPE, BIG_ENDIAN) != DYNAMIC) {
            throw new UnsafeImage("The vhd image begins as a dynamic disk and is none");
        }
        long at = head.u64(DYNAMIC_AT, BIG_ENDIAN);
        if (!head.is(at, "cxsparse")) {
            throw new UnsafeImage("The vhd image has no header where one belongs");
        }
        if (!head.isZero(at + PARENT_ID, 16) || !head.isZero(at + PARENT_NAME, LOCATORS_END - PARENT_NAME)) {
            throw new UnsafeImage("The vhd image has a parent image, which is not allowed");
        }
        long block = head.u32(at + BLOCK, BIG_ENDIAN);
        long size = head.u64(SIZE, BIG_ENDIAN);
        if (Long.bitCount(block) != 1
                || block < FOOTER
                || Math.ceilDiv(size, block) > head.u32(at + ENTRIES, BIG_ENDIAN)) {
            throw new UnsafeImage("The vhd image has a header that is not supported");
        }
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        Span head = image.head();
        Span tail = image.tail();
        if (!ends(tail)) {
            throw new UnsafeImage("The vhd image is cut off");
        }
        int at = tail.length() - FOOTER;
        footer(tail, at);
        long size = tail.u64(at + SIZE, BIG_ENDIAN);
        if (begins(head) ? !head.agrees(tail, 0, at, FOOTER) : tail.i32(at + TYPE, BIG_ENDIAN) != FIXED) {
            throw new UnsafeImage("The vhd image has a footer that is not its header");
        }
        if (!begins(head) && size > image.total() - FOOTER) {
            throw new UnsafeImage("The vhd image is cut off");
        }
        return size;
    }
}
