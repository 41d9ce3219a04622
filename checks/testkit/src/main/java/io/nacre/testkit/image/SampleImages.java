package io.nacre.testkit.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Small images of every format, good unless they are spoilt. A spoiler gets the bytes in the format's own order. */
public final class SampleImages {
    public static final Consumer<ByteBuffer> UNSPOILT = image -> {};

    /** What guests see of all but the raw ones. */
    public static final long VIRTUAL_SIZE = 1 << 20;

    public static final String VMDK_DESCRIPTOR =
            "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicSparse\"\n\n"
                    + "# Extent description\nRW 2048 SPARSE \"disk.vmdk\"\n";

    private static final int SECTOR = 512;

    private SampleImages() {}

    /** Version 3, with clusters of 64 KiB. */
    public static byte[] qcow2(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(3 << 16, ByteOrder.BIG_ENDIAN);
        put(image, 0, "QFI\u00fb");
        image.putInt(4, 3);
        image.putInt(20, 16);
        image.putLong(24, VIRTUAL_SIZE);
        image.putInt(36, 1);
        image.putLong(40, 0x10000);
        image.putLong(48, 0x20000);
        image.putInt(56, 1);
        image.putInt(96, 4);
        image.putInt(100, 104);
        return spoilt(image, spoil);
    }

    /** A monolithic sparse one. */
    public static byte[] vmdk(String descriptor, Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(1 << 16, ByteOrder.LITTLE_ENDIAN);
        vmdkHeader(image, 0);
        put(image, SECTOR, descriptor);
        return spoilt(image, spoil);
    }

    /** A stream-optimized one, with its second header in the last sector but one. */
    public static byte[] vmdkStream(Consumer<ByteBuffer> spoil) {
        return vmdk(VMDK_DESCRIPTOR.replace("monolithicSparse", "streamOptimized"), image -> {
            image.putLong(56, -1);
            int footer = image.capacity() - 2 * SECTOR;
            vmdkHeader(image, footer);
            image.putLong(footer + 56, 21);
            spoil.accept(image);
        });
    }

    private static void vmdkHeader(ByteBuffer image, int at) {
        put(image, at, "KDMV");
        image.putInt(at + 4, 1);
        image.putInt(at + 8, 3);
        image.putLong(at + 12, VIRTUAL_SIZE / SECTOR);
        image.putLong(at + 20, 128);
        image.putLong(at + 28, 1);
        image.putLong(at + 36, 20);
        image.putInt(at + 44, 512);
        image.putLong(at + 56, 21);
        put(image, at + 73, "\n \r\n");
    }

    public static byte[] vdi(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(4096, ByteOrder.LITTLE_ENDIAN);
        image.putInt(0x40, 0xbeda107f);
        image.putInt(0x44, 0x00010001);
        image.putInt(0x48, 0x180);
        image.putInt(0x4c, 1);
        image.putInt(0x154, 512);
        image.putInt(0x158, 1024);
        image.putInt(0x168, 512);
        image.putLong(0x170, VIRTUAL_SIZE);
        image.putInt(0x178, 1 << 20);
        image.putInt(0x180, 1);
        return spoilt(image, spoil);
    }

    /** The spoiler works on the footer; its checksum is made good afterwards. */
    public static byte[] vhdFixed(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image((int) VIRTUAL_SIZE + SECTOR, ByteOrder.BIG_ENDIAN);
        image.put((int) VIRTUAL_SIZE, vhdFooter(2, spoil));
        return spoilt(image, UNSPOILT);
    }

    /**
     * @param spoilFooter what is done to both copies of the footer
     * @param spoil what is done to the image then, whose dynamic header is at 512
     */
    public static byte[] vhdDynamic(Consumer<ByteBuffer> spoilFooter, Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(4096, ByteOrder.BIG_ENDIAN);
        byte[] footer = vhdFooter(3, spoilFooter);
        image.put(0, footer);
        put(image, 512, "cxsparse");
        image.putLong(512 + 8, -1);
        image.putLong(512 + 16, 1536);
        image.putInt(512 + 24, 0x00010000);
        image.putInt(512 + 28, 1);
        image.putInt(512 + 32, 2 << 20);
        image.put(4096 - SECTOR, footer);
        return spoilt(image, spoil);
    }

    private static byte[] vhdFooter(int type, Consumer<ByteBuffer> spoil) {
        ByteBuffer footer = image(SECTOR, ByteOrder.BIG_ENDIAN);
        put(footer, 0, "conectix");
        footer.putInt(8, 2);
        footer.putInt(12, 0x00010000);
        footer.putLong(16, type == 2 ? -1 : 512);
        footer.putLong(40, VIRTUAL_SIZE);
        footer.putLong(48, VIRTUAL_SIZE);
        footer.putInt(60, type);
        spoil.accept(footer);
        int sum = 0;
        for (byte one : spoilt(footer, unsummed -> unsummed.putInt(64, 0))) {
            sum += one & 0xff;
        }
        int checksum = ~sum;
        return spoilt(footer, unsummed -> unsummed.putInt(64, checksum));
    }

    /** Its metadata begin at 1 MiB, with their items 64 KiB behind. */
    public static byte[] vhdx(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image((1 << 20) + (128 << 10), ByteOrder.LITTLE_ENDIAN);
        put(image, 0, "vhdxfile");
        for (int header = 0; header < 2; header++) {
            put(image, (64 + 64 * header) << 10, "head");
            image.putLong(((64 + 64 * header) << 10) + 8, header + 1);
        }
        for (int table = 192 << 10; table <= 256 << 10; table += 64 << 10) {
            put(image, table, "regi");
            image.putInt(table + 8, 2);
            region(image, table + 16, "6677c22d23f60042" + "9d64115e9bfd4a08", 2 << 20);
            region(image, table + 48, "06a27c8b90479a4b" + "b8fe575f050f886e", 1 << 20);
        }
        int metadata = 1 << 20;
        put(image, metadata, "metadata");
        image.putShort(metadata + 10, (short) 2);
        item(image, metadata + 32, "3767a1ca36fa434d" + "b3b633f0aa44e76b", 64 << 10);
        item(image, metadata + 64, "2442a52f1bcd7648" + "b2115dbed83bf4b8", (64 << 10) + 8);
        image.putInt(metadata + (64 << 10), 1 << 20);
        image.putLong(metadata + (64 << 10) + 8, VIRTUAL_SIZE);
        return spoilt(image, spoil);
    }

    private static void region(ByteBuffer image, int at, String guid, long offset) {
        image.put(at, HexFormat.of().parseHex(guid));
        image.putLong(at + 16, offset);
        image.putInt(at + 24, 1 << 20);
        image.putInt(at + 28, 1);
    }

    private static void item(ByteBuffer image, int at, String guid, int offset) {
        image.put(at, HexFormat.of().parseHex(guid));
        image.putInt(at + 16, offset);
        image.putInt(at + 20, 8);
        image.putInt(at + 24, 4);
    }

    public static byte[] iso(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(40_960, ByteOrder.LITTLE_ENDIAN);
        image.put(0x8000, (byte) 1);
        put(image, 0x8001, "CD001\1");
        return spoilt(image, spoil);
    }

    /** With a payload of 4 KiB. */
    public static byte[] luks(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(8192, ByteOrder.BIG_ENDIAN);
        put(image, 0, "LUKS\u00ba\u00be");
        image.putShort(6, (short) 1);
        image.putInt(104, 8);
        image.putInt(108, 32);
        for (int slot = 0; slot < 8; slot++) {
            image.putInt(208 + 48 * slot, slot == 0 ? 0x00ac71f3 : 0xdead);
        }
        return spoilt(image, spoil);
    }

    public static byte[] ploop(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(4096, ByteOrder.LITTLE_ENDIAN);
        put(image, 0, "WithouFreSpacExt");
        image.putInt(16, 2);
        image.putInt(28, 2048);
        image.putInt(32, 1);
        image.putLong(36, VIRTUAL_SIZE / SECTOR);
        return spoilt(image, spoil);
    }

    /** A disk of 64 KiB with one partition, behind a master boot record. */
    public static byte[] mbr(Consumer<ByteBuffer> spoil) {
        ByteBuffer image = image(1 << 16, ByteOrder.LITTLE_ENDIAN);
        image.put(446, (byte) 0x80);
        image.put(450, (byte) 0x83);
        image.putInt(454, 1);
        image.putInt(458, 100);
        put(image, 510, "U\u00aa");
        return spoilt(image, spoil);
    }

    /** The same with a GUID partition table. */
    public static byte[] gpt(Consumer<ByteBuffer> spoil) {
        return mbr(image -> {
            image.put(446, (byte) 0);
            image.put(450, (byte) 0xee);
            put(image, 512, "EFI PART");
            image.putInt(512 + 12, 92);
            image.putLong(512 + 72, 2);
            image.putInt(512 + 80, 128);
            image.putInt(512 + 84, 128);
            spoil.accept(image);
        });
    }

    /** The image with this written into it, longer where that is needed. */
    public static byte[] with(byte[] image, int offset, String latin1) {
        byte[] copy = Arrays.copyOf(image, Math.max(image.length, offset + latin1.length()));
        put(ByteBuffer.wrap(copy), offset, latin1);
        return copy;
    }

    static void put(ByteBuffer image, int offset, String latin1) {
        image.put(offset, latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static byte[] spoilt(ByteBuffer image, Consumer<ByteBuffer> spoil) {
        spoil.accept(image);
        byte[] bytes = new byte[image.capacity()];
        image.get(0, bytes);
        return bytes;
    }

    private static ByteBuffer image(int length, ByteOrder order) {
        return ByteBuffer.allocate(length).order(order);
    }
}
