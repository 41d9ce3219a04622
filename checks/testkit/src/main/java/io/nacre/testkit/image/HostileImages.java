package io.nacre.testkit.image;

import static io.nacre.testkit.image.SampleImages.UNSPOILT;
import static io.nacre.testkit.image.SampleImages.VMDK_DESCRIPTOR;
import static io.nacre.testkit.image.SampleImages.put;
import static io.nacre.testkit.image.SampleImages.with;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/**
 * Images that reach for a file of the host, are not what they say, or mean to exhaust who reads them. None may be taken
 * in, and none of what they name may be opened.
 */
public final class HostileImages {
    private static final int DATA_FILE_NAME = 0x44415441;
    private static final int BACKING_FORMAT = 0xE2792ACA;

    /** @param declared the disk format that whoever brings it says it is */
    public record Hostile(String name, String declared, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }
    }

    private final List<Hostile> all = new ArrayList<>();
    private final String victim;

    private HostileImages(String victim) {
        this.victim = victim;
    }

    /** @param victim path of the file that they reach for */
    public static List<Hostile> reachingFor(String victim) {
        HostileImages images = new HostileImages(victim);
        images.qcow2();
        images.qcow2Bombs();
        images.vmdk();
        images.vmdkHeaders();
        images.vdi();
        images.vhd();
        images.vhdx();
        images.others();
        images.disguises();
        images.twoAtOnce();
        return List.copyOf(images.all);
    }

    /** The bytes of one of them, which reaches for the machine's users. */
    public static byte[] named(String name) {
        return reachingFor("/etc/passwd").stream()
                .filter(image -> image.name().equals(name))
                .findFirst()
                .orElseThrow()
                .bytes();
    }

    private void add(String name, String declared, byte[] bytes) {
        all.add(new Hostile(name, declared, bytes));
    }

    private void qcow2(String name, Consumer<ByteBuffer> spoil) {
        add("qcow2-" + name, "qcow2", SampleImages.qcow2(spoil));
    }

    private void qcow2() {
        qcow2("backing-file", image -> backing(image, victim));
        qcow2("backing-json", image -> backing(image, "json:{\"driver\":\"file\",\"filename\":\"" + victim + "\"}"));
        qcow2("backing-network", image -> backing(image, "nbd://127.0.0.1:10809/x"));
        qcow2("backing-length-alone", image -> image.putInt(16, 7));
        qcow2("backing-offset-alone", image -> image.putLong(8, 512));
        qcow2("backing-of-version-2", image -> backing(image.putInt(4, 2), victim));
        qcow2("data-file", image -> extension(image.putLong(72, 4), 104, DATA_FILE_NAME, victim));
        qcow2("data-file-bit-alone", image -> image.putLong(72, 4));
        qcow2("data-file-name-alone", image -> extension(image, 104, DATA_FILE_NAME, victim));
        qcow2("data-file-of-version-2", image -> extension(image.putInt(4, 2), 72, DATA_FILE_NAME, victim));
        qcow2("backing-format", image -> extension(image, 104, BACKING_FORMAT, "raw"));
        qcow2("name-behind-unknown-extension", image -> {
            extension(image, 104, 0x12345678, "abc");
            extension(image, 120, DATA_FILE_NAME, victim);
        });
        qcow2("unknown-feature", image -> image.putLong(72, 1L << 40));
        qcow2("highest-feature", image -> image.putLong(72, 1L << 63));
        qcow2("corrupt", image -> image.putLong(72, 2));
        qcow2("version-4", image -> image.putInt(4, 4));
        qcow2("version-1", image -> image.putInt(4, 1));
        qcow2("encrypted-by-aes", image -> image.putInt(32, 1));
        qcow2("encrypted-somehow", image -> image.putInt(32, 77));
        qcow2(
                "compressed-somehow",
                image -> image.putInt(100, 112).putLong(72, 8).put(104, (byte) 9));
        add("qcow2-cut-off-in-header", "qcow2", Arrays.copyOf(SampleImages.qcow2(UNSPOILT), 60));
        add("qcow2-cut-off-in-tables", "qcow2", Arrays.copyOf(SampleImages.qcow2(UNSPOILT), 0x10000));
    }

    private void qcow2Bombs() {
        qcow2("exabytes", image -> image.putLong(24, 1L << 60).putInt(36, 4 << 20));
        qcow2("negative-size", image -> image.putLong(24, -1));
        qcow2("more-than-its-table", image -> image.putLong(24, 1L << 40));
        qcow2("huge-table", image -> image.putInt(36, -1));
        qcow2("huge-refcounts", image -> image.putInt(56, 1 << 30));
        qcow2("wide-refcounts", image -> image.putInt(96, 60));
        qcow2("many-snapshots", image -> image.putInt(60, 1 << 20));
        qcow2("huge-clusters", image -> image.putInt(20, 30));
        qcow2("no-clusters", image -> image.putInt(20, 0));
        qcow2("short-header", image -> image.putInt(100, 20));
        qcow2("negative-header", image -> image.putInt(100, -8));
        qcow2("endless-extension", image -> image.putInt(104, 1).putInt(108, -1));
        qcow2("many-extensions", image -> {
            for (int i = 0; i < 1000; i++) {
                image.putInt(104 + 8 * i, 1);
            }
        });
    }

    private static void backing(ByteBuffer image, String name) {
        image.putLong(8, 512).putInt(16, name.length());
        put(image, 512, name);
    }

    private static void extension(ByteBuffer image, int at, int type, String content) {
        image.putInt(at, type).putInt(at + 4, content.length());
        put(image, at + 8, content);
    }

    private void vmdk(String name, String descriptor) {
        add("vmdk-" + name, "vmdk", SampleImages.vmdk(descriptor, UNSPOILT));
    }

    private void vmdk() {
        String good = VMDK_DESCRIPTOR;
        String own = "RW 2048 SPARSE \"disk.vmdk\"";
        String flat = "RW 2048 FLAT \"" + victim + "\" 0";
        add("vmdk-descriptor-alone", "vmdk", good.replace(own, flat).getBytes(StandardCharsets.ISO_8859_1));
        add("vmdk-bare-descriptor", "vmdk", ("version=1\n" + flat + "\n").getBytes(StandardCharsets.ISO_8859_1));
        vmdk("flat-extent", good.replace(own, flat));
        vmdk("sparse-extent-elsewhere", good.replace("disk.vmdk", victim));
        vmdk("second-extent", good + flat + "\n");
        vmdk("two-own-extents", good + own + "\n");
        vmdk("extent-over-lines", good + "RW\n2048\nFLAT\n\"" + victim + "\" 0\n");
        vmdk("extent-behind-return", good + "\rRW 2048 FLAT\r\"" + victim + "\" 0\n");
        vmdk("readonly-extent", good + "RDONLY 2048 FLAT \"" + victim + "\" 0\n");
        vmdk("device-extent", good.replace(own, "RW 2048 VMFSRDM \"" + victim + "\""));
        vmdk("flat-type", good.replace("monolithicSparse", "monolithicFlat"));
        vmdk("device-type", good.replace("monolithicSparse", "fullDevice"));
        vmdk("two-types", good + "createType=\"monolithicFlat\"\n");
        vmdk("no-type", good.replace("createType", "madeType"));
        vmdk("parent", good.replace("ffffffff", "12345678") + "parentFileNameHint=\"" + victim + "\"\n");
        vmdk("parent-name-alone", good + "parentFileNameHint=\"" + victim + "\"\n");
        vmdk("parent-number-alone", good.replace("ffffffff", "12345678"));
    }

    private void vmdk(String name, Consumer<ByteBuffer> spoil) {
        add("vmdk-" + name, "vmdk", SampleImages.vmdk(VMDK_DESCRIPTOR, spoil));
    }

    private void vmdkHeaders() {
        vmdk("capacity-of-nothing", image -> image.putLong(12, 0));
        vmdk("capacity-of-exabytes", image -> image.putLong(12, Long.MAX_VALUE));
        vmdk("descriptor-far-away", image -> image.putLong(28, Long.MAX_VALUE / 2));
        vmdk("descriptor-nowhere", image -> image.putLong(28, 0));
        vmdk("descriptor-goes-on", image -> {
            // What its size leaves out is read on by tools that look for the text's end.
            image.putLong(36, 1);
            put(image, 512, VMDK_DESCRIPTOR + "#".repeat(600) + "\nRW 2048 FLAT \"" + victim + "\" 0\n");
        });
        vmdk("descriptor-without-end", image -> {
            byte[] rest = new byte[image.capacity() - 512];
            Arrays.fill(rest, (byte) '\n');
            image.put(512, rest);
            put(image, 512, VMDK_DESCRIPTOR);
        });
        vmdk("version-9", image -> image.putInt(4, 9));
        vmdk("grain-of-nothing", image -> image.putLong(20, 0));
        vmdk("huge-tables", image -> image.putInt(44, -1));
        vmdk("compressed-somehow", image -> image.putShort(77, (short) 9));
        add(
                "vmdk-footer-of-another",
                "vmdk",
                SampleImages.vmdkStream(image -> image.putLong(image.capacity() - 1024 + 12, 0)));
        add("vmdk-footer-missing", "vmdk", SampleImages.vmdk(VMDK_DESCRIPTOR, image -> image.putLong(56, -1)));
        add("vmdk-old-kind", "vmdk", with(new byte[4096], 0, "COWD\1"));
    }

    private void vdi() {
        add("vdi-difference", "vdi", SampleImages.vdi(image -> image.putInt(0x4c, 4)));
        add("vdi-undo", "vdi", SampleImages.vdi(image -> image.putInt(0x4c, 3)));
        add("vdi-link", "vdi", SampleImages.vdi(image -> image.putInt(0x1a8, 1)));
        add("vdi-parent", "vdi", SampleImages.vdi(image -> image.putInt(0x1c0, 1)));
        add("vdi-exabytes", "vdi", SampleImages.vdi(image -> image.putLong(0x170, 1L << 60)));
        add("vdi-negative-size", "vdi", SampleImages.vdi(image -> image.putLong(0x170, -1)));
        add("vdi-tiny-blocks", "vdi", SampleImages.vdi(image -> image.putInt(0x178, 1)));
        add("vdi-version-9", "vdi", SampleImages.vdi(image -> image.putInt(0x44, 9)));
    }

    private void vhd() {
        add("vhd-difference", "vhd", SampleImages.vhdDynamic(footer -> footer.putInt(60, 4), UNSPOILT));
        add("vhd-fixed-difference", "vhd", SampleImages.vhdFixed(footer -> footer.putInt(60, 4)));
        add("vhd-parent-id", "vhd", SampleImages.vhdDynamic(UNSPOILT, image -> image.putInt(512 + 40, 1)));
        add("vhd-parent-name", "vhd", SampleImages.vhdDynamic(UNSPOILT, image -> put(image, 512 + 64, victim)));
        add("vhd-parent-place", "vhd", SampleImages.vhdDynamic(UNSPOILT, image -> put(image, 512 + 576, "W2ku")));
        add("vhd-header-far-away", "vhd", SampleImages.vhdDynamic(footer -> footer.putLong(16, 1L << 40), UNSPOILT));
        add(
                "vhd-footers-differ",
                "vhd",
                SampleImages.vhdDynamic(UNSPOILT, image -> image.put(image.capacity() - 1, (byte) 1)));
        add("vhd-exabytes", "vhd", SampleImages.vhdDynamic(footer -> footer.putLong(48, 1L << 60), UNSPOILT));
        add("vhd-fixed-longer-than-its-data", "vhd", SampleImages.vhdFixed(footer -> footer.putLong(48, 1L << 40)));
        add("vhd-tiny-blocks", "vhd", SampleImages.vhdDynamic(UNSPOILT, image -> image.putInt(512 + 32, 0)));
    }

    private void vhdx() {
        add("vhdx-parent", "vhdx", SampleImages.vhdx(image -> image.putInt((1 << 20) + (64 << 10) + 4, 2)));
        add("vhdx-parent-place", "vhdx", SampleImages.vhdx(image -> {
            image.putShort((1 << 20) + 10, (short) 3);
            image.put((1 << 20) + 96, HexFormat.of().parseHex("2d5fd3a80bb34d45abf7d3d84834ab0c"));
        }));
        add("vhdx-log", "vhdx", SampleImages.vhdx(image -> image.putLong((128 << 10) + 48, 1)));
        add("vhdx-tables-differ", "vhdx", SampleImages.vhdx(image -> image.putInt((256 << 10) + 40, 1)));
        add("vhdx-unknown-metadata", "vhdx", SampleImages.vhdx(image -> image.putInt((1 << 20) + 64, 1)));
        add("vhdx-many-metadata", "vhdx", SampleImages.vhdx(image -> image.putShort((1 << 20) + 10, (short) -1)));
        add("vhdx-metadata-far-away", "vhdx", SampleImages.vhdx(image -> {
            image.putLong((192 << 10) + 64, 1L << 50).putLong((256 << 10) + 64, 1L << 50);
        }));
        add("vhdx-item-far-away", "vhdx", SampleImages.vhdx(image -> image.putInt((1 << 20) + 80, -1)));
        add("vhdx-exabytes", "vhdx", SampleImages.vhdx(image -> image.putLong((1 << 20) + (64 << 10) + 8, 1L << 60)));
        add("vhdx-cut-off", "vhdx", Arrays.copyOf(SampleImages.vhdx(UNSPOILT), 1 << 20));
    }

    private void others() {
        add("ploop-extension", "ploop", SampleImages.ploop(image -> image.putLong(56, 8)));
        add("ploop-exabytes", "ploop", SampleImages.ploop(image -> image.putLong(36, 1L << 60)));
        add("ploop-no-tracks", "ploop", SampleImages.ploop(image -> image.putInt(28, 0)));
        add("iso-unknown-descriptor", "iso", SampleImages.iso(image -> image.put(0x8000, (byte) 99)));
        add("raw-luks-2", "raw", SampleImages.luks(image -> image.putShort(6, (short) 2)));
        add("raw-luks-odd-slots", "raw", SampleImages.luks(image -> image.putInt(208, 1)));
        add("raw-huge-partition-table", "raw", SampleImages.gpt(image -> image.putInt(512 + 80, -1)));
        add("raw-odd-partition-table", "raw", SampleImages.gpt(image -> image.putInt(512 + 84, 1)));
    }

    /** Where the real format would be probed, or was chosen to get past a check for another. */
    private void disguises() {
        add("raw-that-is-qcow2", "raw", SampleImages.qcow2(image -> backing(image, victim)));
        add("raw-that-is-vmdk", "raw", VMDK_DESCRIPTOR.getBytes(StandardCharsets.ISO_8859_1));
        add("raw-that-is-vhd", "raw", SampleImages.vhdFixed(UNSPOILT));
        add("raw-that-is-vhdx", "raw", SampleImages.vhdx(UNSPOILT));
        add("raw-that-is-vdi", "raw", SampleImages.vdi(UNSPOILT));
        add("raw-that-is-qed", "raw", with(new byte[4096], 0, "QED\0"));
        add("raw-that-is-bochs", "raw", with(new byte[4096], 0, "Bochs Virtual HD Image"));
        add("raw-that-is-cloop", "raw", with(new byte[4096], 0, "#!/bin/sh\n#V2.0 Format\n"));
        add("raw-that-is-dmg", "raw", with(new byte[4096], 4096 - 512, "koly\0\0\0\4\0\0\2\0"));
        add("ami-that-is-qcow2", "ami", SampleImages.qcow2(UNSPOILT));
        add("iso-that-is-qcow2", "iso", SampleImages.qcow2(image -> backing(image, victim)));
        add("qcow2-that-is-raw", "qcow2", new byte[4096]);
        add("qcow2-that-is-vmdk", "qcow2", SampleImages.vmdk(VMDK_DESCRIPTOR, UNSPOILT));
        add("vhd-that-is-a-partitioned-disk", "vhd", SampleImages.mbr(UNSPOILT));
    }

    private void twoAtOnce() {
        byte[] qcow2 = SampleImages.qcow2(UNSPOILT);
        add("qcow2-and-iso", "qcow2", with(qcow2, 0x8001, "CD001\1"));
        add("iso-and-qcow2", "iso", with(SampleImages.iso(UNSPOILT), 0, "QFI\u00fb\0\0\0\3"));
        add("qcow2-and-vhd", "qcow2", with(qcow2, qcow2.length - 512, "conectix"));
        add("qcow2-and-dmg", "qcow2", with(qcow2, qcow2.length - 512, "koly\0\0\0\4\0\0\2\0"));
        add("qcow2-and-vdi", "qcow2", with(qcow2, 0x40, "\u007f\u0010\u00da\u00be"));
        add("iso-and-vhd", "iso", with(SampleImages.iso(UNSPOILT), 40_960 - 512, "conectix"));
        add("iso-and-vmdk", "iso", with(SampleImages.iso(UNSPOILT), 0, VMDK_DESCRIPTOR));
        add("vdi-and-iso", "vdi", with(SampleImages.vdi(UNSPOILT), 0x8001, "CD001\1"));
    }
}
