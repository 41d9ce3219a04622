package io.nacre.diskimage;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Map;

/**
 * Microsoft's newer format ([MS-VHDX]). A table of regions in the head says where the metadata are, which say how large
 * the disk is and whether it has a parent.
 */
final class Vhdx implements Format {
    private static final int[] HEADERS = {64 << 10, 128 << 10};
    private static final int SEQUENCE = 8;
    private static final int LOG = 48;
    private static final int ID = 16;

    private static final int REGIONS = 192 << 10;
    private static final int REGIONS_AGAIN = 256 << 10;
    private static final int TABLE = 64 << 10;
    private static final int ENTRY = 32;
    private static final int MOST_ENTRIES = 2047;
    private static final String BLOCK_MAP = "2dc27766f62342009d64115e9bfd4a08";
    private static final String METADATA = "8b7ca20647904b9ab8fe575f050f886e";

    /** The table of the metadata, and as much of the items behind it as any tool writes. */
    private static final int METADATA_SEEN = 128 << 10;

    private static final int REQUIRED = 4;
    private static final String PARAMETERS = "caa16737fa364d43b3b633f0aa44e76b";
    private static final String SIZE = "2fa54224cd1b4876b2115dbed83bf4b8";
    private static final String PARENT = "a8d35f2db30b454dabf7d3d84834ab0c";
    private static final Map<String, Integer> ITEMS = Map.of(
            PARAMETERS,
            8,
            SIZE,
            8,
            "beca12abb2e6452393efc309e000c746",
            16,
            "8141bf1da96f4709ba47f233a8faab5f",
            4,
            "cda348c7445d44719cc9e9885251c556",
            4);
    private static final int HAS_PARENT = 2;

    @Override
    public DiskFormat id() {
        return DiskFormat.VHDX;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, "vhdxfile");
    }

    @Override
    public Window check(Span head) throws UnsafeImage {
        requireClosed(head);
        if (!head.is(REGIONS, "regi") || !head.agrees(head, REGIONS, REGIONS_AGAIN, TABLE)) {
            throw new UnsafeImage("The vhdx image has region tables that do not agree");
        }
        long count = head.u32(REGIONS + 8, LITTLE_ENDIAN);
        if (count > MOST_ENTRIES) {
            throw new UnsafeImage("The vhdx image has too many regions");
        }
        long metadata = 0;
        for (int i = 0; i < count; i++) {
            int at = REGIONS + 16 + i * ENTRY;
            String id = guid(head, at);
            if (id.equals(METADATA)) {
                metadata = head.u64(at + 16, LITTLE_ENDIAN);
            } else if (!id.equals(BLOCK_MAP) && (head.i32(at + 28, LITTLE_ENDIAN) & 1) != 0) {
                throw new UnsafeImage("The vhdx image needs a region that is not known");
            }
        }
        if (metadata < 1 << 20 || metadata > Long.MAX_VALUE / 2) {
            throw new UnsafeImage("The vhdx image has no metadata where they belong");
        }
        return new Window(metadata, METADATA_SEEN);
    }

    /** What is still in the log would change what we read here. */
    private static void requireClosed(Span head) throws UnsafeImage {
        int current = -1;
        long latest = -1;
        for (int at : HEADERS) {
            if (head.is(at, "head") && head.u64(at + SEQUENCE, LITTLE_ENDIAN) > latest) {
                latest = head.u64(at + SEQUENCE, LITTLE_ENDIAN);
                current = at;
            }
        }
        if (current < 0) {
            throw new UnsafeImage("The vhdx image has no header where one belongs");
        }
        if (!head.isZero(current + LOG, ID)) {
            throw new UnsafeImage("The vhdx image has not been closed: its log is not empty");
        }
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        Span metadata = image.window();
        if (!metadata.is(0, "metadata")) {
            throw new UnsafeImage("The vhdx image has no metadata where they belong");
        }
        int count = metadata.u16(10, LITTLE_ENDIAN);
        if (count > MOST_ENTRIES) {
            throw new UnsafeImage("The vhdx image has too many metadata");
        }
        Long size = null;
        for (int i = 0; i < count; i++) {
            int at = 32 + i * ENTRY;
            String id = guid(metadata, at);
            long item = metadata.u32(at + 16, LITTLE_ENDIAN);
            long length = metadata.u32(at + 20, LITTLE_ENDIAN);
            if (id.equals(PARENT)
                    || (id.equals(PARAMETERS) && (metadata.i32(item + 4, LITTLE_ENDIAN) & HAS_PARENT) != 0)) {
                throw new UnsafeImage("The vhdx image has a parent image, which is not allowed");
            }
            Integer known = ITEMS.get(id);
            if (known == null ? (metadata.i32(at + 24, LITTLE_ENDIAN) & REQUIRED) != 0 : known != length) {
                throw new UnsafeImage("The vhdx image needs metadata that are not known");
            }
            if (id.equals(SIZE)) {
                if (size != null) {
                    throw new UnsafeImage("The vhdx image says its size twice");
                }
                size = metadata.u64(item, LITTLE_ENDIAN);
            }
        }
        if (size == null) {
            throw new UnsafeImage("The vhdx image does not say its size");
        }
        return size;
    }

    /** In the order that people write it in: the first three groups are little-endian. */
    private static String guid(Span span, int at) throws UnsafeImage {
        return "%08x%04x%04x%016x"
                .formatted(
                        span.i32(at, LITTLE_ENDIAN),
                        span.u16(at + 4, LITTLE_ENDIAN),
                        span.u16(at + 6, LITTLE_ENDIAN),
                        span.i64(at + 8, BIG_ENDIAN));
    }
}
