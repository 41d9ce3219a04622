package io.nacre.keystone.token;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of MessagePack that token payloads use: nil, booleans, integers, doubles, strings, binaries and arrays. Reads
 * every size of these; writes the shortest, as the original's library does.
 */
final class Msgpack {
    private static final int DEEPEST = 8;

    private Msgpack() {}

    /** @param value null, Boolean, Integer, Long, Double, String, {@code byte[]} or a List of these */
    static byte[] write(@Nullable Object value) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(160);
        write(out, value);
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, @Nullable Object value) {
        switch (value) {
            case null -> out.write(0xc0);
            case Boolean yes -> out.write(yes ? 0xc3 : 0xc2);
            case Integer number -> whole(out, number);
            case Long number -> whole(out, number);
            case Double number -> {
                out.write(0xcb);
                number(out, Double.doubleToLongBits(number), 8);
            }
            case String text -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                if (bytes.length < 32) {
                    out.write(0xa0 | bytes.length);
                } else {
                    head(out, bytes.length, 0xd9, 0xda, 0xdb);
                }
                out.writeBytes(bytes);
            }
            case byte[] bytes -> {
                head(out, bytes.length, 0xc4, 0xc5, 0xc6);
                out.writeBytes(bytes);
            }
            case List<?> list -> {
                if (list.size() < 16) {
                    out.write(0x90 | list.size());
                } else {
                    head(out, list.size(), 0xdc, 0xdc, 0xdd);
                }
                list.forEach(item -> write(out, item));
            }
            default -> throw new IllegalArgumentException("cannot be packed: " + value.getClass());
        }
    }

    private static void whole(ByteArrayOutputStream out, long value) {
        if (value >= -32 && value < 128) {
            out.write((int) value & 0xff);
        } else if (value < 0) {
            out.write(0xd3);
            number(out, value, 8);
        } else if (value < 1 << 8) {
            out.write(0xcc);
            number(out, value, 1);
        } else if (value < 1 << 16) {
            out.write(0xcd);
            number(out, value, 2);
        } else if (value < 1L << 32) {
            out.write(0xce);
            number(out, value, 4);
        } else {
            out.write(0xcf);
            number(out, value, 8);
        }
    }

    private static void head(ByteArrayOutputStream out, int size, int one, int two, int four) {
        if (size < 1 << 8 && one != two) {
            out.write(one);
            number(out, size, 1);
        } else if (size < 1 << 16) {
            out.write(two);
            number(out, size, 2);
        } else {
            out.write(four);
            number(out, size, 4);
        }
    }

    private static void number(ByteArrayOutputStream out, long value, int bytes) {
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift) & 0xff);
        }
    }

    /**
     * Integers come back as Long.
     *
     * @throws IllegalArgumentException when the bytes are anything but one value of the kinds above
     */
    static @Nullable Object read(byte[] packed) {
        ByteBuffer in = ByteBuffer.wrap(packed);
        try {
            Object value = read(in, 0);
            if (in.hasRemaining()) {
                throw new IllegalArgumentException("bytes follow the packed value");
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the packed value is cut off", e);
        }
    }

    private static @Nullable Object read(ByteBuffer in, int depth) {
        int type = in.get() & 0xff;
        if (type < 0x80) {
            return (long) type;
        }
        if (type >= 0xe0) {
            return (long) (byte) type;
        }
        if (type >= 0xa0 && type < 0xc0) {
            return text(in, type & 0x1f);
        }
        if (type >= 0x90 && type < 0xa0) {
            return list(in, type & 0x0f, depth);
        }
        return switch (type) {
            case 0xc0 -> null;
            case 0xc2 -> false;
            case 0xc3 -> true;
            case 0xc4 -> bytes(in, in.get() & 0xff);
            case 0xc5 -> bytes(in, in.getShort() & 0xffff);
            case 0xc6 -> bytes(in, in.getInt());
            case 0xca -> (double) in.getFloat();
            case 0xcb -> in.getDouble();
            case 0xcc -> (long) (in.get() & 0xff);
            case 0xcd -> (long) (in.getShort() & 0xffff);
            case 0xce -> in.getInt() & 0xffffffffL;
            case 0xcf, 0xd3 -> in.getLong();
            case 0xd0 -> (long) in.get();
            case 0xd1 -> (long) in.getShort();
            case 0xd2 -> (long) in.getInt();
            case 0xd9 -> text(in, in.get() & 0xff);
            case 0xda -> text(in, in.getShort() & 0xffff);
            case 0xdb -> text(in, in.getInt());
            case 0xdc -> list(in, in.getShort() & 0xffff, depth);
            case 0xdd -> list(in, in.getInt(), depth);
            default -> throw new IllegalArgumentException("packed type " + Integer.toHexString(type));
        };
    }

    private static String text(ByteBuffer in, int length) {
        return new String(bytes(in, length), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static List<@Nullable Object> list(ByteBuffer in, int size, int depth) {
        if (size < 0 || size > in.remaining() || depth == DEEPEST) {
            throw new BufferUnderflowException();
        }
        List<@Nullable Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(read(in, depth + 1));
        }
        return list;
    }
}
