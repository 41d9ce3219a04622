package io.nacre.glance.format;

import java.nio.ByteOrder;

/**
 * The header of qcow2 (docs/interop/qcow2.txt in QEMU). Refused is whatever makes a tool open another file, and
 * whatever we do not know.
 */
final class Qcow2 {
    private static final int VERSION = 4;
    private static final int BACKING_OFFSET = 8;
    private static final int BACKING_LENGTH = 16;
    private static final int CLUSTER_BITS = 20;
    private static final int VIRTUAL_SIZE = 24;
    private static final int L1_ENTRIES = 36;
    private static final int INCOMPATIBLE = 72;
    private static final int HEADER_LENGTH = 100;

    private static final long DIRTY = 1;
    private static final long CORRUPT = 1 << 1;
    private static final long DATA_FILE = 1 << 2;
    private static final long COMPRESSION = 1 << 3;
    private static final long SUBCLUSTERS = 1 << 4;

    private static final int END = 0;
    private static final int DATA_FILE_NAME = 0x44415441;
    private static final int BACKING_FORMAT = 0xE2792ACA;
    private static final int MOST_EXTENSIONS = 64;
    /** QEMU's own limit on the L1 table: 32 MiB of eight-byte entries. */
    private static final long MOST_L1 = (32L << 20) / 8;

    private Qcow2() {}

    /** Bytes; faults when the image is not self-contained. */
    static long virtualSize(Head head) throws UnsafeImage {
        ByteOrder big = ByteOrder.BIG_ENDIAN;
        int version = head.i32(VERSION, big);
        if (version != 2 && version != 3) {
            throw new UnsafeImage("The qcow2 image is of version " + version + ", which is not supported");
        }
        if (head.i64(BACKING_OFFSET, big) != 0 || head.i32(BACKING_LENGTH, big) != 0) {
            throw new UnsafeImage("The qcow2 image has a backing file, which is not allowed");
        }
        int clusterBits = head.i32(CLUSTER_BITS, big);
        if (clusterBits < 9 || clusterBits > 21) {
            throw new UnsafeImage("The qcow2 image has an invalid cluster size");
        }
        if (head.u32(L1_ENTRIES, big) > MOST_L1) {
            throw new UnsafeImage("The qcow2 image has an L1 table that is too large");
        }
        int headerLength = 72;
        if (version == 3) {
            features(head.i64(INCOMPATIBLE, big));
            headerLength = head.i32(HEADER_LENGTH, big);
            if (headerLength < 104 || headerLength % 8 != 0 || headerLength > 4096) {
                throw new UnsafeImage("The qcow2 image has an invalid header length");
            }
        }
        extensions(head, headerLength, 1L << clusterBits);
        return head.i64(VIRTUAL_SIZE, big);
    }

    private static void features(long incompatible) throws UnsafeImage {
        if ((incompatible & DATA_FILE) != 0) {
            throw new UnsafeImage("The qcow2 image has an external data file, which is not allowed");
        }
        if ((incompatible & CORRUPT) != 0) {
            throw new UnsafeImage("The qcow2 image is marked as corrupt");
        }
        if ((incompatible & ~(DIRTY | COMPRESSION | SUBCLUSTERS)) != 0) {
            throw new UnsafeImage("The qcow2 image needs features that are not known");
        }
    }

    private static void extensions(Head head, int from, long clusterSize) throws UnsafeImage {
        ByteOrder big = ByteOrder.BIG_ENDIAN;
        long offset = from;
        for (int count = 0; count < MOST_EXTENSIONS; count++) {
            if (offset + 8 > clusterSize) {
                return;
            }
            int type = head.i32(offset, big);
            long length = head.u32(offset + 4, big);
            if (type == END) {
                return;
            }
            if (type == DATA_FILE_NAME || type == BACKING_FORMAT) {
                throw new UnsafeImage("The qcow2 image names another file, which is not allowed");
            }
            offset += 8 + (length + 7) / 8 * 8;
            if (offset > clusterSize) {
                throw new UnsafeImage("The qcow2 image has a header extension that is too long");
            }
        }
        throw new UnsafeImage("The qcow2 image has too many header extensions");
    }
}
