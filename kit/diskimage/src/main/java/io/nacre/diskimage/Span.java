package io.nacre.diskimage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A part of an image that was kept, read with bounds. What lies beyond it reads as refused, never as zero. */
final class Span {
    private final byte[] bytes;
    private final int from;
    private final int length;
    private final ByteBuffer big;
    private final ByteBuffer little;

    Span(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
        this.big = ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN);
        this.little = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int length() {
        return length;
    }

    boolean has(long offset, long count) {
        return offset >= 0 && count >= 0 && offset <= length && count <= length - offset;
    }

    boolean is(long offset, String latin1) {
        return has(offset, latin1.length()) && latin1(offset, latin1.length()).equals(latin1);
    }

    boolean isZero(long offset, int count) throws UnsafeImage {
        for (int i = 0; i < count; i++) {
            if (u8(offset + i) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether both hold the same bytes there. */
    boolean agrees(Span other, long offset, long otherOffset, int count) throws UnsafeImage {
        int mine = need(offset, count);
        int theirs = other.need(otherOffset, count);
        return ByteBuffer.wrap(bytes, mine, count).equals(ByteBuffer.wrap(other.bytes, theirs, count));
    }

    String text(long offset, int count) throws UnsafeImage {
        need(offset, count);
        return latin1(offset, count);
    }

    /** As much of the text as there is. */
    String beginning(int count) {
        return latin1(0, Math.min(count, length));
    }

    int u8(long offset) throws UnsafeImage {
        return bytes[need(offset, 1)] & 0xff;
    }

    int u16(long offset, ByteOrder order) throws UnsafeImage {
        return in(order).getShort(need(offset, 2)) & 0xffff;
    }

    int i32(long offset, ByteOrder order) throws UnsafeImage {
        return in(order).getInt(need(offset, 4));
    }

    long u32(long offset, ByteOrder order) throws UnsafeImage {
        return i32(offset, order) & 0xffffffffL;
    }

    /** Faults when the number is not below 2^63, as no size or offset is. */
    long u64(long offset, ByteOrder order) throws UnsafeImage {
        long value = i64(offset, order);
        if (value < 0) {
            throw new UnsafeImage("The image's header holds a number that is out of range");
        }
        return value;
    }

    long i64(long offset, ByteOrder order) throws UnsafeImage {
        return in(order).getLong(need(offset, 8));
    }

    private String latin1(long offset, int count) {
        return new String(bytes, from + (int) offset, count, StandardCharsets.ISO_8859_1);
    }

    private ByteBuffer in(ByteOrder order) {
        return order == ByteOrder.BIG_ENDIAN ? big : little;
    }

    private int need(long offset, int count) throws UnsafeImage {
        if (!has(offset, count)) {
            throw new UnsafeImage("The image's header is cut off");
        }
        return from + (int) offset;
    }
}
