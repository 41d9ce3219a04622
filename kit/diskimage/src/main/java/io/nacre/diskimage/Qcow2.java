package io.nacre.diskimage;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.jspecify.annotations.Nullable;

/**
 * QEMU's own format (docs/interop/qcow2.txt in QEMU). Refused is whatever makes a tool open another file, and whatever
 * we do not know.
 */
final class Qcow2 implements Format {
    private static final int VERSION = 4;
    private static final int BACKING_OFFSET = 8;
    private static final int BACKING_LENGTH = 16;
    private static final int CLUSTER_BITS = 20;
    private static final int VIRTUAL_SIZE = 24;
    private static final int ENCRYPTION = 32;
    private static final int L1_ENTRIES = 36;
    private static final int L1_OFFSET = 40;
    private static final int REFCOUNT_CLUSTERS = 56;
    private static final int SNAPSHOTS = 60;
    private static final int INCOMPATIBLE = 72;
    private static final int REFCOUNT_ORDER = 96;
    private static final int HEADER_LENGTH = 100;
    private static final int COMPRESSION_TYPE = 104;

    private static final long DIRTY = 1;
    private static final long CORRUPT = 1 << 1;
    private static final long DATA_FILE = 1 << 2;
    private static final long COMPRESSION = 1 << 3;
    private static final long SUBCLUSTERS = 1 << 4;

    private static final int LUKS = 2;
    private static final int ZSTD = 1;

    private static final int END = 0;
    private static final int DATA_FILE_NAME = 0x44415441;
    private static final int BACKING_FORMAT = 0xE2792ACA;
    private static final int MOST_EXTENSIONS = 64;
    /** QEMU's own limits: 32 MiB of L1 entries, 8 MiB of refcount entries, and snapshots. */
    private static final long MOST_L1 = (32L << 20) / 8;

    private static final long MOST_REFCOUNT_BYTES = 8L << 20;
    private static final long MOST_SNAPSHOTS = 65536;

    @Override
    public DiskFormat id() {
        return DiskFormat.QCOW2;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, "QFI\u00fb");
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        int version = head.i32(VERSION, BIG_ENDIAN);
        if (version != 2 && version != 3) {
            throw new UnsafeImage("The qcow2 image is of version " + version + ", which is not supported");
        }
        if (head.i64(BACKING_OFFSET, BIG_ENDIAN) != 0 || head.i32(BACKING_LENGTH, BIG_ENDIAN) != 0) {
            throw new UnsafeImage("The qcow2 image has a backing file, which is not allowed");
        }
        int clusterBits = head.i32(CLUSTER_BITS, BIG_ENDIAN);
        if (clusterBits < 9 || clusterBits > 21) {
            throw new UnsafeImage("The qcow2 image has an invalid cluster size");
        }
        int encryption = head.i32(ENCRYPTION, BIG_ENDIAN);
        if (encryption != 0 && encryption != LUKS) {
            throw new UnsafeImage("The qcow2 image is encrypted in a way that is not supported");
        }
        long features = version == 3 ? head.i64(INCOMPATIBLE, BIG_ENDIAN) : 0;
        features(features);
        tables(head, 1L << clusterBits, (features & SUBCLUSTERS) != 0 ? 16 : 8);
        extensions(head, version == 3 ? header(head, features) : 72, 1L << clusterBits);
        return null;
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

    private static void tables(Span head, long clusterSize, int entrySize) throws UnsafeImage {
        long entries = head.u32(L1_ENTRIES, BIG_ENDIAN);
        if (entries > MOST_L1) {
            throw new UnsafeImage("The qcow2 image has an L1 table that is too large");
        }
        if (head.u32(REFCOUNT_CLUSTERS, BIG_ENDIAN) > MOST_REFCOUNT_BYTES / clusterSize) {
            throw new UnsafeImage("The qcow2 image has a refcount table that is too large");
        }
        if (head.u32(SNAPSHOTS, BIG_ENDIAN) > MOST_SNAPSHOTS) {
            throw new UnsafeImage("The qcow2 image has too many snapshots");
        }
        long perEntry = clusterSize * (clusterSize / entrySize);
        long size = head.i64(VIRTUAL_SIZE, BIG_ENDIAN);
        if (size < 0 || Math.ceilDiv(size, perEntry) > entries) {
            throw new UnsafeImage("The qcow2 image has a virtual size that its L1 table does not hold");
        }
    }

    private static int header(Span head, long features) throws UnsafeImage {
        int length = head.i32(HEADER_LENGTH, BIG_ENDIAN);
        if (length < 104 || length % 8 != 0 || length > 4096) {
            throw new UnsafeImage("The qcow2 image has an invalid header length");
        }
        if (head.u32(REFCOUNT_ORDER, BIG_ENDIAN) > 6) {
            throw new UnsafeImage("The qcow2 image has an invalid width of refcounts");
        }
        int compression = length > COMPRESSION_TYPE ? head.u8(COMPRESSION_TYPE) : 0;
        if (compression > ZSTD || (compression != 0) != ((features & COMPRESSION) != 0)) {
            throw new UnsafeImage("The qcow2 image is compressed in a way that is not known");
        }
        return length;
    }

    private static void extensions(Span head, int from, long clusterSize) throws UnsafeImage {
        long offset = from;
        for (int count = 0; count < MOST_EXTENSIONS; count++) {
            if (offset + 8 > clusterSize) {
                return;
            }
            int type = head.i32(offset, BIG_ENDIAN);
            long length = head.u32(offset + 4, BIG_ENDIAN);
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

    @Override
    public boolean isEncrypted(Span head) throws UnsafeImage {
        return head.i32(ENCRYPTION, BIG_ENDIAN) != 0;
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        Span head = image.head();
        long l1 = head.u64(L1_OFFSET, BIG_ENDIAN);
        if (l1 > image.total() - head.u32(L1_ENTRIES, BIG_ENDIAN) * 8) {
            throw new UnsafeImage("The qcow2 image is cut off");
        }
        return head.u64(VIRTUAL_SIZE, BIG_ENDIAN);
    }
}
