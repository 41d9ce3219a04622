package io.nacre.glance.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InspectorTest {
    private static Inspector.Verdict inspect(String declared, byte[] image) throws UnsafeImage {
        Inspector inspector = new Inspector(declared, true);
        for (int at = 0; at < image.length; at += 1000) {
            inspector.feed(image, at, Math.min(1000, image.length - at));
        }
        return inspector.finish();
    }

    private static void refused(String declared, byte[] image, String why) {
        assertThatThrownBy(() -> inspect(declared, image))
                .isInstanceOf(UnsafeImage.class)
                .hasMessageContaining(why);
    }

    private static byte[] patched(byte[] image, int offset, String latin1) {
        byte[] copy = Arrays.copyOf(image, Math.max(image.length, offset + latin1.length()));
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, copy, offset, bytes.length);
        return copy;
    }

    @Test
    void aPlainQcow2TellsItsVirtualSize() throws Exception {
        assertThat(inspect("qcow2", SampleImages.qcow2(image -> {})))
                .isEqualTo(new Inspector.Verdict(DiskFormat.QCOW2, 1L << 30));
        assertThat(inspect("qcow2", SampleImages.qcow2(image -> image.putInt(4, 2)))
                        .virtualSize())
                .isEqualTo(1L << 30);
    }

    @Test
    void aQcow2ThatNamesAnotherFileIsRefused() {
        refused("qcow2", SampleImages.qcow2WithBackingFile("/etc/passwd"), "backing file");
        refused("qcow2", SampleImages.qcow2WithDataFile("/etc/shadow"), "data file");
        refused("qcow2", SampleImages.qcow2(image -> image.putInt(16, 7)), "backing file");
        // The name alone, without the feature bit that makes it count.
        refused(
                "qcow2",
                SampleImages.qcow2(image -> {
                    image.putInt(104, 0x44415441);
                    image.putInt(108, 4);
                }),
                "another file");
        // Hidden behind an extension that nobody knows.
        refused(
                "qcow2",
                SampleImages.qcow2(image -> {
                    image.putInt(104, 0x12345678);
                    image.putInt(108, 3);
                    image.putInt(120, 0x44415441);
                    image.putInt(124, 4);
                }),
                "another file");
    }

    @Test
    void aQcow2ThatIsOddIsRefused() {
        refused("qcow2", SampleImages.qcow2(image -> image.putInt(4, 4)), "version 4");
        refused("qcow2", SampleImages.qcow2(image -> image.putLong(72, 1L << 40)), "not known");
        refused("qcow2", SampleImages.qcow2(image -> image.putLong(72, 1L << 63)), "not known");
        refused("qcow2", SampleImages.qcow2(image -> image.putLong(72, 2)), "corrupt");
        refused("qcow2", SampleImages.qcow2(image -> image.putInt(20, 30)), "cluster size");
        refused("qcow2", SampleImages.qcow2(image -> image.putInt(100, 20)), "header length");
        refused("qcow2", SampleImages.qcow2(image -> image.putInt(100, -8)), "header length");
        refused("qcow2", SampleImages.qcow2(image -> image.putInt(36, -1)), "L1 table");
        refused("qcow2", SampleImages.qcow2(image -> image.putLong(24, -1)), "virtual size");
        refused("qcow2", SampleImages.qcow2(image -> image.putLong(24, Long.MAX_VALUE)), "virtual size");
        refused(
                "qcow2",
                SampleImages.qcow2(image -> {
                    image.putInt(104, 1);
                    image.putInt(108, -1);
                }),
                "too long");
        refused(
                "qcow2",
                SampleImages.qcow2(image -> {
                    for (int i = 0; i < 1000; i++) {
                        image.putInt(104 + 8 * i, 1);
                    }
                }),
                "too many");
        refused("qcow2", Arrays.copyOf(SampleImages.qcow2(image -> {}), 60), "cut off");
    }

    @Test
    void aDeclaredFormatMustBeTheRealOne() throws Exception {
        byte[] qcow2 = SampleImages.qcow2(image -> {});
        refused("raw", qcow2, "does not match");
        refused("iso", qcow2, "does not match");
        refused("qcow2", new byte[5000], "does not match");
        byte[] iso = SampleImages.with(40_000, 0x8001, "CD001");
        assertThat(inspect("iso", iso).virtualSize()).isEqualTo(40_000);
        refused("raw", iso, "does not match");
        byte[] disk = patched(new byte[4096], 510, "U\u00aa");
        assertThat(inspect("raw", disk)).isEqualTo(new Inspector.Verdict(DiskFormat.PARTITIONED, 4096L));
        assertThat(inspect("ami", new byte[1]).virtualSize()).isEqualTo(1);
        assertThat(inspect("raw", new byte[0]).virtualSize()).isZero();
        // An installer's ISO image begins with a boot sector.
        assertThat(inspect("iso", patched(iso, 510, "U\u00aa")).format()).isEqualTo(DiskFormat.ISO);
    }

    @Test
    void aLenientInspectorTakesUnknownDataButNotAnotherFormat() throws Exception {
        Inspector unknown = new Inspector("vhd", false);
        unknown.feed(new byte[700], 0, 700);
        assertThat(unknown.finish().format()).isEqualTo(DiskFormat.RAW);
        Inspector other = new Inspector("vhd", false);
        byte[] qcow2 = SampleImages.qcow2(image -> {});
        other.feed(qcow2, 0, qcow2.length);
        assertThatThrownBy(other::finish).isInstanceOf(UnsafeImage.class);
    }

    @Test
    void aFileThatIsTwoFormatsAtOnceIsRefused() {
        refused("iso", patched(SampleImages.qcow2(image -> {}), 0x8001, "CD001"), "several formats");
        refused("qcow2", patched(SampleImages.qcow2(image -> {}), 0x8001, "CD001"), "several formats");
        byte[] qcow2 = SampleImages.qcow2(image -> {});
        refused("qcow2", patched(qcow2, qcow2.length - 512, "conectix"), "several formats");
    }

    @Test
    void aVmdkMayOnlyBeOneFile() throws Exception {
        String good = "# Disk DescriptorFile\ncreateType=\"monolithicSparse\"\nRW 2048 SPARSE \"disk.vmdk\"\n";
        assertThat(inspect("vmdk", SampleImages.vmdk(good)).virtualSize()).isEqualTo(1 << 20);
        refused("vmdk", good.getBytes(StandardCharsets.US_ASCII), "other files");
        refused("vmdk", SampleImages.vmdk(good.replace("monolithicSparse", "monolithicFlat")), "not allowed");
        refused("vmdk", SampleImages.vmdk(good.replace("SPARSE \"disk.vmdk\"", "FLAT \"/etc/passwd\" 0")), "extent");
        refused("vmdk", SampleImages.vmdk(good.replace("disk.vmdk", "/etc/passwd")), "extent");
        refused("vmdk", SampleImages.vmdk(good + "RW 2048 SPARSE \"other.vmdk\"\n"), "not allowed");
        refused("vmdk", SampleImages.vmdk(good + "parentFileNameHint=\"/etc/passwd\"\n"), "parent");
        refused("raw", good.getBytes(StandardCharsets.US_ASCII), "does not match");
        byte[] far = SampleImages.vmdk(good);
        ByteBuffer.wrap(far).order(ByteOrder.LITTLE_ENDIAN).putLong(28, Long.MAX_VALUE / 2);
        refused("vmdk", far, "no descriptor");
    }

    @Test
    void imagesWithAParentAreRefusedInEveryFormat() throws Exception {
        byte[] vdi = SampleImages.with(1024, 0x40, "\u007f\u0010\u00da\u00be");
        ByteBuffer.wrap(vdi).order(ByteOrder.LITTLE_ENDIAN).putLong(0x170, 77);
        assertThat(inspect("vdi", vdi).virtualSize()).isEqualTo(77);
        vdi[0x4c] = 4;
        refused("vdi", vdi, "parent");
        byte[] vhd = SampleImages.with(4096, 4096 - 512, "conectix");
        ByteBuffer.wrap(vhd).putLong(4096 - 512 + 48, 3584).putInt(4096 - 512 + 60, 2);
        assertThat(inspect("vhd", vhd).virtualSize()).isEqualTo(3584);
        vhd[4096 - 512 + 63] = 4;
        refused("vhd", vhd, "parent");
        byte[] qed = SampleImages.with(1024, 0, "QED\0");
        qed[16] = 1;
        refused("qed", qed, "backing file");
    }

    @Test
    void aHostileHeadIsRefusedBeforeTheRestArrives() throws Exception {
        Inspector inspector = new Inspector("qcow2", true);
        byte[] head = Arrays.copyOf(SampleImages.qcow2WithBackingFile("/etc/passwd"), Inspector.HEAD);
        assertThatThrownBy(() -> inspector.feed(head, 0, head.length)).isInstanceOf(UnsafeImage.class);
    }

    @Test
    void noiseNeverBreaksTheInspector() {
        Random random = new Random(7);
        for (int round = 0; round < 3000; round++) {
            byte[] image = SampleImages.qcow2(header -> {
                for (int i = 0; i < 6; i++) {
                    header.put(4 + random.nextInt(200), (byte) random.nextInt(256));
                }
            });
            byte[] cut = Arrays.copyOf(image, random.nextInt(600));
            try {
                Long size = inspect("qcow2", cut).virtualSize();
                assertThat(size).isNotNull().isNotNegative();
            } catch (UnsafeImage e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
