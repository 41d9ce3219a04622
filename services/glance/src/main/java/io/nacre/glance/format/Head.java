package io.nacre.glance.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The first bytes of an image, read with bounds. What lies beyond them reads as refused, never as zero. */
final class Head {
    private final byte[] bytes;
    private final int length;

    Head(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    int length() {
        return length;
    }

    boolean has(long offset, int count) {
        return offset >= 0 && offset + count <= length;
    }

    boolean is(int offset, String latin1) {
        if (!has(offset, latin1.length())) {
            return false;
        }
        return text(offset, latin1.length()).equals(latin1);
    }

    String text(int offset, int count) {
        return new String(bytes, offset, count, StandardCharsets.ISO_8859_1);
    }

    int u8(int offset) throws UnsafeImage {
        need(offset, 1);
        return bytes[offset] & 0xff;
    }

    int i32(long offset, ByteOrder order) throws UnsafeImage {
        need(offset, 4);
        return ByteBuffer.wrap(bytes).order(order).getInt((int) offset);
    }

    long u32(long offset, ByteOrder order) throws UnsafeImage {
        return i32(offset, order) & 0xffffffffL;
    }

    long i64(long offset, ByteOrder order) throws UnsafeImage {
        need(offset, 8);
        return ByteBuffer.wrap(bytes).order(order).getLong((int) offset);
    }

    private void need(long offset, int count) throws UnsafeImage {
        if (!has(offset, count)) {
            throw new UnsafeImage("The image's header is cut off");
        }
    }
}
