package io.nacre.diskimage;

import static io.nacre.testkit.image.SampleImages.UNSPOILT;
import static io.nacre.testkit.image.SampleImages.VIRTUAL_SIZE;
import static io.nacre.testkit.image.SampleImages.VMDK_DESCRIPTOR;
import static io.nacre.testkit.image.SampleImages.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.testkit.image.HostileImages;
import io.nacre.testkit.image.SampleImages;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class InspectorTest {
    private static final long LARGEST = 1L << 46;

    private static Inspector.Verdict inspect(String declared, byte[] image, int step) throws UnsafeImage {
        Inspector inspector = new Inspector(declared, true, LARGEST);
        for (int at = 0; at < image.length; at += step) {
            inspector.feed(image, at, Math.min(step, image.length - at));
        }
        return inspector.finish();
    }

    private static void refused(String declared, byte[] image, String why) {
        assertThatThrownBy(() -> inspect(declared, image, 1000))
                .isInstanceOf(UnsafeImage.class)
                .hasMessageContaining(why);
    }

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.of("qcow2", SampleImages.qcow2(UNSPOILT), DiskFormat.QCOW2),
                Arguments.of("qcow2", SampleImages.qcow2(image -> image.putInt(4, 2)), DiskFormat.QCOW2),
                Arguments.of("vmdk", SampleImages.vmdk(VMDK_DESCRIPTOR, UNSPOILT), DiskFormat.VMDK),
                Arguments.of("vmdk", SampleImages.vmdkStream(UNSPOILT), DiskFormat.VMDK),
                Arguments.of("vdi", SampleImages.vdi(UNSPOILT), DiskFormat.VDI),
                Arguments.of("vhd", SampleImages.vhdFixed(UNSPOILT), DiskFormat.VHD),
                Arguments.of("vhd", SampleImages.vhdDynamic(UNSPOILT, UNSPOILT), DiskFormat.VHD),
                Arguments.of("vhdx", SampleImages.vhdx(UNSPOILT), DiskFormat.VHDX),
                Arguments.of("ploop", SampleImages.ploop(UNSPOILT), DiskFormat.PLOOP));
    }

    @ParameterizedTest
    @MethodSource("good")
    void aGoodImageTellsItsVirtualSize(String declared, byte[] image, DiskFormat format) throws Exception {
        assertThat(inspect(declared, image, 1000)).isEqualTo(new Inspector.Verdict(format, VIRTUAL_SIZE, false));
    }

    static List<HostileImages.Hostile> hostile() {
        return HostileImages.reachingFor("/etc/passwd");
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void aHostileImageIsRefusedHoweverItArrives(HostileImages.Hostile image) {
        for (int step : new int[] {512, 4096, 300_000, 4 << 20}) {
            assertThatThrownBy(() -> inspect(image.declared(), image.bytes(), step))
                    .isInstanceOf(UnsafeImage.class)
                    .hasMessageNotContaining("passwd");
        }
    }

    /** All that is done to them has one fault only; without this they could be refused for another. */
    @Test
    void hostileImagesAreRefusedForWhatIsHostile() {
        refused("qcow2", HostileImages.named("qcow2-backing-file"), "backing file");
        refused("qcow2", HostileImages.named("qcow2-data-file"), "data file");
        refused("qcow2", HostileImages.named("qcow2-name-behind-unknown-extension"), "another file");
        refused("qcow2", HostileImages.named("qcow2-highest-feature"), "not known");
        refused("vmdk", HostileImages.named("vmdk-extent-over-lines"), "extent in another file");
        refused("vmdk", HostileImages.named("vmdk-descriptor-goes-on"), "extent in another file");
        refused("vmdk", HostileImages.named("vmdk-footer-of-another"), "footer");
        refused("vdi", HostileImages.named("vdi-parent"), "parent");
        refused("vhd", HostileImages.named("vhd-parent-name"), "parent");
        refused("vhd", HostileImages.named("vhd-fixed-difference"), "parent");
        refused("vhdx", HostileImages.named("vhdx-parent"), "parent");
        refused("vhdx", HostileImages.named("vhdx-parent-place"), "parent");
        refused("vhdx", HostileImages.named("vhdx-exabytes"), "larger than the limit");
        refused("iso", HostileImages.named("iso-and-vmdk"), "several formats");
    }

    @Test
    void rawDataIsAsLongAsItIs() throws Exception {
        assertThat(inspect("raw", new byte[0], 1).virtualSize()).isZero();
        assertThat(inspect("ami", new byte[1], 1).virtualSize()).isEqualTo(1);
        assertThat(inspect("raw", SampleImages.mbr(UNSPOILT), 1000))
                .isEqualTo(new Inspector.Verdict(DiskFormat.PARTITIONED, 1L << 16, false));
        assertThat(inspect("raw", SampleImages.gpt(UNSPOILT), 1000).format()).isEqualTo(DiskFormat.PARTITIONED);
        // A filesystem without partitions has the same mark.
        byte[] filesystem = with(with(new byte[4096], 510, "U\u00aa"), 446, "boot code, no table");
        assertThat(inspect("raw", filesystem, 1000).format()).isEqualTo(DiskFormat.RAW);
        assertThat(inspect("iso", SampleImages.iso(UNSPOILT), 1000).virtualSize())
                .isEqualTo(40_960);
        // An installer's ISO image begins with a boot sector.
        byte[] hybrid = SampleImages.iso(image -> image.put(0, Arrays.copyOf(SampleImages.mbr(UNSPOILT), 512)));
        assertThat(inspect("iso", hybrid, 1000).format()).isEqualTo(DiskFormat.ISO);
    }

    @Test
    void anEncryptedVolumeIsARawImage() throws Exception {
        byte[] luks = SampleImages.luks(UNSPOILT);
        assertThat(inspect("raw", luks, 1000)).isEqualTo(new Inspector.Verdict(DiskFormat.LUKS, 8192L, true));
        assertThat(inspect("luks", luks, 1000).virtualSize()).isEqualTo(4096);
        refused("qcow2", luks, "does not match");
    }

    @Test
    void aDisksContentIsNotMistakenForItsFormat() throws Exception {
        // What would be the last sector if the image ended here.
        byte[] disk = with(new byte[2 * Sight.HEAD], Sight.HEAD - 512, "conectix");
        assertThat(inspect("raw", disk, 512).format()).isEqualTo(DiskFormat.RAW);
    }

    @Test
    void aLenientInspectorTakesUnknownDataButNotAnotherFormat() throws Exception {
        Inspector unknown = new Inspector("vhd", false, LARGEST);
        unknown.feed(new byte[700], 0, 700);
        assertThat(unknown.finish().format()).isEqualTo(DiskFormat.RAW);
        Inspector other = new Inspector("vhd", false, LARGEST);
        byte[] qcow2 = SampleImages.qcow2(UNSPOILT);
        other.feed(qcow2, 0, qcow2.length);
        assertThatThrownBy(other::finish).isInstanceOf(UnsafeImage.class);
    }

    @Test
    void whatIsInAContainerIsNotLookedInto() throws Exception {
        byte[] image = HostileImages.named("qcow2-backing-file");
        assertThat(inspect(null, image, 1000)).isEqualTo(new Inspector.Verdict(DiskFormat.RAW, null, false));
    }

    @Test
    void aHostileHeadIsRefusedBeforeTheRestArrives() {
        Inspector inspector = new Inspector("qcow2", true, LARGEST);
        byte[] head = Arrays.copyOf(HostileImages.named("qcow2-backing-file"), Sight.HEAD);
        assertThatThrownBy(() -> inspector.feed(head, 0, head.length)).isInstanceOf(UnsafeImage.class);
    }

    @ParameterizedTest
    @MethodSource("good")
    void noiseNeverBreaksTheInspector(String declared, byte[] image, DiskFormat format) {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            byte[] noisy = Arrays.copyOf(image, random.nextInt(8) == 0 ? random.nextInt(image.length) : image.length);
            for (int i = 0; i < 6 && noisy.length > 0; i++) {
                noisy[random.nextInt(Math.min(noisy.length, 1024))] = (byte) random.nextInt(256);
            }
            try {
                Long size = inspect(declared, noisy, 50_000).virtualSize();
                assertThat(size).as("%s %s", declared, format).isBetween(0L, LARGEST);
            } catch (UnsafeImage e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }
}
