package io.nacre.compute;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Headers of qcow2 files (docs/interop/qcow2.txt of QEMU), right and wrong ones. */
public final class Qcow2Files {
    private static final int BACKING_AT = 512;

    private Qcow2Files() {}

    /** A version 3 header and nothing else: enough for who reads no further. */
    public static byte[] header(long virtualBytes) {
        return build(virtualBytes).array();
    }

    public static byte[] withBackingFile(String name) {
        ByteBuffer file = build(1 << 20);
        file.putLong(8, BACKING_AT);
        file.putInt(16, name.length());
        file.put(BACKING_AT, name.getBytes(StandardCharsets.US_ASCII));
        return file.array();
    }

    public static byte[] withDataFile(String name) {
        ByteBuffer file = build(1 << 20);
        file.putLong(72, 1 << 2);
        file.putInt(104, 0x44415441);
        file.putInt(108, name.length());
        file.put(112, name.getBytes(StandardCharsets.US_ASCII));
        return file.array();
    }

    public static ByteBuffer build(long virtualBytes) {
        ByteBuffer file = ByteBuffer.allocate(4096);
        file.putInt(0, 0x514649fb);
        file.putInt(4, 3);
        file.putInt(20, 16);
        file.putLong(24, virtualBytes);
        file.putInt(96, 4);
        file.putInt(100, 104);
        return file;
    }
}
