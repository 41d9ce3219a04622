package io.nacre.glance.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Small images of every format, to be spoilt by tests. */
public final class SampleImages {
    private SampleImages() {}

    /** A qcow2 of version 3 with 64 KiB clusters and a disk of 1 GiB, as far as its header. */
    public static byte[] qcow2(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = ByteBuffer.allocate(3 << 16).order(ByteOrder.BIG_ENDIAN);
        image.put(0, new byte[] {'Q', 'F', 'I', (byte) 0xfb});
        image.putInt(4, 3);
        image.putInt(20, 16);
        image.putLong(24, 1L << 30);
        image.putInt(36, 2);
        image.putLong(40, 0x10000);
        image.putLong(48, 0x20000);
        image.putInt(56, 1);
        image.putInt(96, 4);
        image.putInt(100, 104);
        spoil.accept(image);
        return image.array();
    }

    public static byte[] qcow2WithBackingFile(String name) {
        return qcow2(image -> {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            image.putLong(8, 512);
            image.putInt(16, bytes.length);
            image.put(512, bytes);
        });
    }

    public static byte[] qcow2WithDataFile(String name) {
        return qcow2(image -> {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            image.putLong(72, 1L << 2);
            image.putInt(104, 0x44415441);
            image.putInt(108, bytes.length);
            image.put(112, bytes);
        });
    }

    static byte[] vmdk(String descriptor) {
        ByteBuffer image = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
        image.put(0, "KDMV".getBytes(StandardCharsets.US_ASCII));
        image.putInt(4, 1);
        image.putLong(12, 2048);
        image.putLong(28, 1);
        image.putLong(36, 20);
        image.put(512, descriptor.getBytes(StandardCharsets.US_ASCII));
        return image.array();
    }

    static byte[] with(int length, int offset, String latin1) {
        byte[] image = new byte[length];
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, image, offset, bytes.length);
        return image;
    }
}
