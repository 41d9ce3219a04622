package io.nacre.compute.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * As much of a qcow2 file's header as must be known before a tool may open it: that it is one, how large the disk is,
 * and that it stands alone. Layout: docs/interop/qcow2.txt of QEMU. Reads at most {@value #LIMIT} bytes.
 *
 * @param virtualBytes size of the disk
 * @param refusal why the file must not be used; null when it may
 */
public record Qcow2Header(long virtualBytes, @Nullable String refusal) {
    private static final int LIMIT = 64 * 1024;
    private static final int MAGIC = 0x514649fb;
    private static final int EXTENSION_DATA_FILE = 0x44415441;
    private static final int LENGTH_V2 = 72;
    private static final int LENGTH_V3 = 104;
    private static final long FEATURE_DIRTY = 1;
    private static final long FEATURE_COMPRESSION = 1 << 3;
    private static final long FEATURE_EXTENDED_L2 = 1 << 4;
    private static final long FEATURE_DATA_FILE = 1 << 2;
    private static final long HARMLESS = FEATURE_DIRTY | FEATURE_COMPRESSION | FEATURE_EXTENDED_L2;
    /** QEMU's own limit for what a disk can address, far beyond any real one. */
    private static final long LARGEST = 1L << 50;

    public static Qcow2Header read(Path file) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(LIMIT);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (head.hasRemaining() && channel.read(head) >= 0) {}
        }
        return parse(head.flip());
    }

    static Qcow2Header parse(ByteBuffer head) {
        if (head.limit() < LENGTH_V2 || head.getInt(0) != MAGIC) {
            return refused("it is not a qcow2 file");
        }
        int version = head.getInt(4);
        if ((version != 2 && version != 3) || (version == 3 && head.limit() < LENGTH_V3)) {
            return refused("its qcow2 header is damaged");
        }
        if (head.getLong(8) != 0 || head.getInt(16) != 0) {
            return refused("it has a backing file");
        }
        if (head.getInt(32) != 0) {
            return refused("it is encrypted");
        }
        int clusterBits = head.getInt(20);
        long size = head.getLong(24);
        if (clusterBits < 9 || clusterBits > 21 || size <= 0 || size > LARGEST) {
            return refused("its qcow2 header is damaged");
        }
        int length = LENGTH_V2;
        if (version == 3) {
            long incompatible = head.getLong(72);
            if ((incompatible & FEATURE_DATA_FILE) != 0) {
                return refused("it has an external data file");
            }
            if ((incompatible & ~HARMLESS) != 0) {
                return refused("it uses a qcow2 feature that is not supported here");
            }
            length = head.getInt(100);
        }
        String extension = extensions(head, length);
        return extension == null ? new Qcow2Header(size, null) : refused(extension);
    }

    private static @Nullable String extensions(ByteBuffer head, int start) {
        if (start < LENGTH_V2 || start % 8 != 0) {
            return "its qcow2 header is damaged";
        }
        long at = start;
        while (at + 8 <= head.limit()) {
            int type = head.getInt((int) at);
            long length = head.getInt((int) at + 4) & 0xffff_ffffL;
            if (type == 0) {
                return null;
            }
            if (type == EXTENSION_DATA_FILE) {
                return "it has an external data file";
            }
            at += 8 + (length + 7) / 8 * 8;
        }
        return "its qcow2 header is damaged";
    }

    private static Qcow2Header refused(String why) {
        return new Qcow2Header(0, why);
    }
}
