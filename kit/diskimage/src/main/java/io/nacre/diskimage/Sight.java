package io.nacre.diskimage;

import org.jspecify.annotations.Nullable;

/** What is kept of an image that goes by: its first bytes, its last, and one window that its format asks for. */
final class Sight {
    /** Every structure that we must see lies within, or in the window; one that does not is refused. */
    static final int HEAD = 320 << 10;

    static final int TAIL = 1536;

    private final byte[] head = new byte[HEAD];
    private final byte[] tail = new byte[TAIL];
    private int headLength;
    private long total;
    private Format.@Nullable Window asked;
    private byte[] window = {};
    private int windowLength;

    void take(byte[] bytes, int offset, int length) {
        if (headLength < HEAD) {
            int taken = Math.min(length, HEAD - headLength);
            System.arraycopy(bytes, offset, head, headLength, taken);
            headLength += taken;
        }
        keepTail(bytes, offset, length);
        keepWindow(bytes, offset, length);
        total += length;
    }

    private void keepTail(byte[] bytes, int offset, int length) {
        if (length >= TAIL) {
            System.arraycopy(bytes, offset + length - TAIL, tail, 0, TAIL);
        } else if (length > 0) {
            System.arraycopy(tail, length, tail, 0, TAIL - length);
            System.arraycopy(bytes, offset, tail, TAIL - length, length);
        }
    }

    private void keepWindow(byte[] bytes, int offset, int length) {
        if (asked == null) {
            return;
        }
        long from = Math.max(asked.offset() + windowLength, total);
        long to = Math.min(asked.offset() + asked.length(), total + length);
        if (from < to && from == asked.offset() + windowLength) {
            System.arraycopy(bytes, offset + (int) (from - total), window, windowLength, (int) (to - from));
            windowLength += (int) (to - from);
        }
    }

    /** Must be asked for before its first byte goes by. */
    void ask(Format.Window wanted) {
        asked = wanted;
        window = new byte[wanted.length()];
    }

    Format.@Nullable Window asked() {
        return asked;
    }

    /** What comes next is there, and nobody needs to see what lies before it. */
    void pass(long offset) {
        total = offset;
    }

    /** How many bytes more make the head complete. */
    int headMissing() {
        return HEAD - headLength;
    }

    /** Bytes that have gone by. */
    long total() {
        return total;
    }

    Span head() {
        return new Span(head, 0, headLength);
    }

    Span tail() {
        int length = (int) Math.min(total, TAIL);
        return new Span(tail, TAIL - length, length);
    }

    Span window() {
        return new Span(window, 0, windowLength);
    }
}
