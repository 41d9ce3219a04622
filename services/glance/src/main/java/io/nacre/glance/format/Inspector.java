package io.nacre.glance.format;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Watches an image go by and says what it is. Keeps the first 256 KiB and the last sector, whatever the size.
 *
 * <p>Feed it with {@link #feed}; a hostile header is refused as soon as it is complete, so that no more of the image
 * need be read. {@link #finish} gives the verdict on the whole.
 */
public final class Inspector {
    /** Every structure that we must see lies within; one that does not is refused. */
    static final int HEAD = 256 << 10;

    private static final int SECTOR = 512;
    /** Far beyond any disk; arithmetic on sizes stays clear of overflow. */
    private static final long LARGEST = 1L << 56;

    private final byte[] head = new byte[HEAD];
    private final byte[] tail = new byte[SECTOR];
    private final boolean strict;
    private final @Nullable String declared;
    private int headLength;
    private long total;
    private boolean checked;

    /**
     * @param declared disk format that the image says it is; null when it is inside a container that we do not open
     * @param strict whether data of no known format is refused when another one than raw is declared; data of a known
     *     one that is not the declared one is refused in any case
     */
    public Inspector(@Nullable String declared, boolean strict) {
        this.declared = declared;
        this.strict = strict;
    }

    /**
     * What an image turned out to be.
     *
     * @param virtualSize bytes that a guest sees; null when the format does not say
     */
    public record Verdict(DiskFormat format, @Nullable Long virtualSize) {}

    public void feed(byte[] bytes, int offset, int length) throws UnsafeImage {
        int taken = Math.min(length, HEAD - headLength);
        System.arraycopy(bytes, offset, head, headLength, taken);
        headLength += taken;
        total += length;
        if (length >= SECTOR) {
            System.arraycopy(bytes, offset + length - SECTOR, tail, 0, SECTOR);
        } else if (length > 0) {
            System.arraycopy(tail, length, tail, 0, SECTOR - length);
            System.arraycopy(bytes, offset, tail, SECTOR - length, length);
        }
        if (headLength == HEAD && !checked) {
            checked = true;
            check();
        }
    }

    public Verdict finish() throws UnsafeImage {
        return check();
    }

    private Verdict check() throws UnsafeImage {
        Head bytes = new Head(head, headLength);
        Set<DiskFormat> found = signatures(bytes);
        if (declared == null) {
            return new Verdict(DiskFormat.RAW, null);
        }
        if (found.size() > 1) {
            throw new UnsafeImage("Image matches several formats at once: " + found);
        }
        DiskFormat format = found.isEmpty() ? DiskFormat.RAW : found.iterator().next();
        match(format);
        Long size = virtualSize(bytes, format);
        if (size != null && (size < 0 || size > LARGEST)) {
            throw new UnsafeImage("The image's virtual size is out of range");
        }
        return new Verdict(format, size);
    }

    private void match(DiskFormat format) throws UnsafeImage {
        String expected = switch (String.valueOf(declared)) {
            case "ami", "ari", "aki" -> "raw";
            default -> String.valueOf(declared);
        };
        boolean nothingKnown = format == DiskFormat.RAW || format == DiskFormat.PARTITIONED;
        if (!format.wire().equals(expected) && (strict || !nothingKnown)) {
            throw new UnsafeImage(
                    "Image content does not match disk format: declared " + declared + ", found " + format.wire());
        }
    }

    /** An ISO image may begin with a boot sector, and a VHD may end like one; every other pair is a trap. */
    private Set<DiskFormat> signatures(Head bytes) throws UnsafeImage {
        Set<DiskFormat> found = EnumSet.noneOf(DiskFormat.class);
        add(found, DiskFormat.QCOW2, bytes.is(0, "QFI\u00fb"));
        add(found, DiskFormat.QED, bytes.is(0, "QED\0"));
        add(found, DiskFormat.VMDK, bytes.is(0, "KDMV") || bytes.is(0, "COWD") || Vmdk.isDescriptor(bytes));
        add(found, DiskFormat.VDI, bytes.is(0x40, "\u007f\u0010\u00da\u00be"));
        add(found, DiskFormat.VHDX, bytes.is(0, "vhdxfile"));
        add(found, DiskFormat.LUKS, bytes.is(0, "LUKS\u00ba\u00be"));
        add(found, DiskFormat.PLOOP, bytes.is(0, "WithoutFreSpace") || bytes.is(0, "WithouFreSpacExt"));
        add(found, DiskFormat.ISO, bytes.is(0x8001, "CD001"));
        boolean footer = total >= SECTOR && new Head(tail, SECTOR).is(0, "conectix");
        add(found, DiskFormat.VHD, bytes.is(0, "conectix") || footer);
        if (found.isEmpty() && bytes.has(510, 2) && bytes.u8(510) == 0x55 && bytes.u8(511) == 0xaa) {
            found.add(DiskFormat.PARTITIONED);
        }
        return found;
    }

    private static void add(Set<DiskFormat> found, DiskFormat format, boolean present) {
        if (present) {
            found.add(format);
        }
    }

    private @Nullable Long virtualSize(Head bytes, DiskFormat format) throws UnsafeImage {
        return switch (format) {
            case QCOW2 -> Qcow2.virtualSize(bytes);
            case VMDK -> Vmdk.virtualSize(bytes);
            case VDI -> OtherFormats.vdi(bytes);
            case VHD -> OtherFormats.vhd(bytes, new Head(tail, SECTOR));
            case QED -> OtherFormats.qed(bytes);
            case RAW, PARTITIONED, ISO -> total;
            case VHDX, LUKS, PLOOP -> null;
        };
    }
}
