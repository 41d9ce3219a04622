package io.nacre.glance.format;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;

/**
 * VMware's sparse extent with its descriptor (Virtual Disk Format 5.0). The descriptor may name any number of other
 * files; only images that are one file are taken.
 */
final class Vmdk {
    private static final int SECTOR = 512;
    private static final int CAPACITY = 12;
    private static final int DESCRIPTOR_OFFSET = 28;
    private static final int DESCRIPTOR_SIZE = 36;
    private static final List<String> ONE_FILE = List.of("monolithicsparse", "streamoptimized");

    private Vmdk() {}

    /** A descriptor on its own is nothing but the names of other files. */
    static boolean isDescriptor(Head head) {
        String start = head.text(0, Math.min(head.length(), SECTOR)).toLowerCase(Locale.ROOT);
        return start.stripLeading().startsWith("# disk descriptorfile");
    }

    static long virtualSize(Head head) throws UnsafeImage {
        if (!head.is(0, "KDMV")) {
            throw new UnsafeImage("The vmdk image keeps its data in other files, which is not allowed");
        }
        ByteOrder little = ByteOrder.LITTLE_ENDIAN;
        long offset = head.i64(DESCRIPTOR_OFFSET, little);
        long sectors = head.i64(DESCRIPTOR_SIZE, little);
        if (offset <= 0
                || sectors <= 0
                || offset > Inspector.HEAD
                || sectors > Inspector.HEAD
                || !head.has(offset * SECTOR, (int) (sectors * SECTOR))) {
            throw new UnsafeImage("The vmdk image has no descriptor where one belongs");
        }
        descriptor(head.text((int) (offset * SECTOR), (int) (sectors * SECTOR)));
        long capacity = head.i64(CAPACITY, little);
        if (capacity < 0 || capacity > Long.MAX_VALUE / SECTOR) {
            throw new UnsafeImage("The vmdk image has an invalid capacity");
        }
        return capacity * SECTOR;
    }

    private static void descriptor(String text) throws UnsafeImage {
        String type = "";
        int extents = 0;
        int end = text.indexOf('\0');
        for (String line : (end < 0 ? text : text.substring(0, end)).split("\n", -1)) {
            String plain = line.strip().toLowerCase(Locale.ROOT);
            if (plain.startsWith("createtype")) {
                type = plain.substring(plain.indexOf('=') + 1).replace("\"", "").strip();
            } else if (plain.startsWith("parentfilenamehint")) {
                throw new UnsafeImage("The vmdk image has a parent file, which is not allowed");
            } else if (plain.matches("(rw|rdonly|noaccess)\\s.*")) {
                extents++;
                if (!plain.matches("\\S+\\s+\\d+\\s+sparse\\s+\"[^\"/\\\\]*\".*")) {
                    throw new UnsafeImage("The vmdk image has an extent in another file, which is not allowed");
                }
            }
        }
        if (!ONE_FILE.contains(type) || extents > 1) {
            throw new UnsafeImage("The vmdk image is of a type that is not allowed: " + type);
        }
    }
}
