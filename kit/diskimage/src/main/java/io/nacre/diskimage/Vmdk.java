package io.nacre.diskimage;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * VMware's sparse extent with its descriptor (Virtual Disk Format 5.0). The descriptor may name any number of other
 * files; only images that are one file are taken.
 */
final class Vmdk implements Format {
    private static final String MAGIC = "KDMV";
    private static final int SECTOR = 512;
    private static final int HEADER = 79;
    private static final int VERSION = 4;
    private static final int CAPACITY = 12;
    private static final int GRAIN = 20;
    private static final int DESCRIPTOR_OFFSET = 28;
    private static final int DESCRIPTOR_SIZE = 36;
    private static final int ENTRIES_PER_TABLE = 44;
    private static final int DIRECTORY = 56;
    private static final int COMPRESSION = 77;
    /** The directory's place is in a second header, in the last sector but one. */
    private static final long AT_END = -1;

    private static final List<String> ONE_FILE = List.of("monolithicsparse", "streamoptimized");
    private static final Pattern TYPE = Pattern.compile("createtype\\s*=\\s*\"([^\"\\n]*)\"");
    private static final Pattern PARENT = Pattern.compile("parentcid\\s*=\\s*+(?!f{8}\\b)|parentfilenamehint");
    /** White space may be any, line ends too: tools that scan for the next word do not stop there. */
    private static final Pattern EXTENT = Pattern.compile("(?<!\\S)(?:rw|rdonly|noaccess)\\s");

    private static final Pattern OWN_EXTENT = Pattern.compile("\\S+\\s+\\d+\\s+sparse\\s+\"[^\"/\\\\]*\"");
    private static final Pattern VERSION_LINE = Pattern.compile("version=[123]\\r?\\n");

    @Override
    public DiskFormat id() {
        return DiskFormat.VMDK;
    }

    @Override
    public boolean begins(Span head) {
        return head.is(0, MAGIC) || head.is(0, "COWD") || isDescriptor(head);
    }

    /** A descriptor on its own is nothing but the names of other files; QEMU takes comments and a version for one. */
    private static boolean isDescriptor(Span head) {
        String start = head.beginning(4 * SECTOR).toLowerCase(Locale.ROOT);
        if (start.stripLeading().startsWith("# disk descriptorfile")) {
            return true;
        }
        int at = 0;
        while (at < start.length() && (start.charAt(at) == '#' || " \t\r\n".indexOf(start.charAt(at)) >= 0)) {
            int end = start.charAt(at) == '#' ? start.indexOf('\n', at) : at;
            at = end < 0 ? start.length() : end + 1;
        }
        return VERSION_LINE.matcher(start).region(at, start.length()).lookingAt();
    }

    @Override
    public @Nullable Window check(Span head) throws UnsafeImage {
        if (!head.is(0, MAGIC)) {
            throw new UnsafeImage("The vmdk image keeps its data in other files, which is not allowed");
        }
        long version = head.u32(VERSION, LITTLE_ENDIAN);
        long grain = head.u64(GRAIN, LITTLE_ENDIAN);
        if (version < 1
                || version > 3
                || head.u16(COMPRESSION, LITTLE_ENDIAN) > 1
                || head.u32(ENTRIES_PER_TABLE, LITTLE_ENDIAN) > SECTOR
                || Long.bitCount(grain) != 1
                || grain > 1 << 16) {
            throw new UnsafeImage("The vmdk image has a header that is not supported");
        }
        long capacity = head.u64(CAPACITY, LITTLE_ENDIAN);
        // Without a capacity, tools go by the extents of the descriptor.
        if (capacity == 0 || capacity > Long.MAX_VALUE / SECTOR) {
            throw new UnsafeImage("The vmdk image has an invalid capacity");
        }
        long offset = head.u64(DESCRIPTOR_OFFSET, LITTLE_ENDIAN);
        long sectors = head.u64(DESCRIPTOR_SIZE, LITTLE_ENDIAN);
        if (offset <= 0
                || sectors <= 0
                || offset > Sight.HEAD
                || sectors > Sight.HEAD
                || !head.has(offset * SECTOR, sectors * SECTOR)) {
            throw new UnsafeImage("The vmdk image has no descriptor where one belongs");
        }
        // Tools read on until the text's end, whatever its size is said to be.
        long start = offset * SECTOR;
        String text = head.text(start, (int) (head.length() - start));
        int end = text.indexOf('\0');
        if (end < 0) {
            throw new UnsafeImage("The vmdk image has a descriptor without an end");
        }
        descriptor(text.substring(0, end).toLowerCase(Locale.ROOT));
        return null;
    }

    private static void descriptor(String text) throws UnsafeImage {
        Matcher type = TYPE.matcher(text);
        if (!type.find() || !ONE_FILE.contains(type.group(1)) || text.indexOf("createtype", type.end()) >= 0) {
            throw new UnsafeImage("The vmdk image is of a type that is not allowed");
        }
        if (PARENT.matcher(text).find()) {
            throw new UnsafeImage("The vmdk image has a parent file, which is not allowed");
        }
        int extents = 0;
        Matcher own = OWN_EXTENT.matcher(text);
        for (Matcher extent = EXTENT.matcher(text); extent.find(); extents++) {
            if (!own.region(extent.start(), text.length()).lookingAt()) {
                throw new UnsafeImage("The vmdk image has an extent in another file, which is not allowed");
            }
        }
        if (extents > 1) {
            throw new UnsafeImage("The vmdk image is of a type that is not allowed: it has several extents");
        }
    }

    @Override
    public Long virtualSize(Sight image) throws UnsafeImage {
        Span head = image.head();
        if (head.i64(DIRECTORY, LITTLE_ENDIAN) == AT_END) {
            footer(head, image.tail());
        }
        return head.u64(CAPACITY, LITTLE_ENDIAN) * SECTOR;
    }

    /** Tools go by the footer's header where there is one, so it must be the first one again. */
    private static void footer(Span head, Span tail) throws UnsafeImage {
        int afterDirectory = DIRECTORY + 8;
        if (!tail.agrees(head, SECTOR, 0, DIRECTORY)
                || !tail.agrees(head, SECTOR + afterDirectory, afterDirectory, HEADER - afterDirectory)) {
            throw new UnsafeImage("The vmdk image has a footer that is not its header");
        }
    }
}
