package io.nacre.diskimage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Images that QEMU has made: what it makes for people is taken, and seen as it sees it; what names another file is not. */
class RealImagesTest {
    @TempDir
    Path folder;

    private Path raw;

    @BeforeEach
    void makeContent() throws IOException {
        raw = folder.resolve("content.raw");
        byte[] content = new byte[3 << 20];
        for (int i = 1 << 20; i < content.length; i++) {
            content[i] = (byte) (i * 31 >> 7);
        }
        Files.write(raw, content);
    }

    private String qemuImg(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", command, said).isZero();
        return said;
    }

    private static Inspector.Verdict inspect(String declared, Path image) throws Exception {
        Inspector inspector = new Inspector(declared, true, 1L << 46);
        byte[] bytes = Files.readAllBytes(image);
        for (int at = 0; at < bytes.length; at += 1 << 18) {
            inspector.feed(bytes, at, Math.min(1 << 18, bytes.length - at));
        }
        Inspector.Verdict verdict = inspector.finish();
        try (FileChannel file = FileChannel.open(image)) {
            assertThat(Inspector.inspect(file, declared, true, 1L << 46)).isEqualTo(verdict);
        }
        return verdict;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "qcow2 | qcow2 | -",
                "qcow2 | qcow2 | compat=0.10",
                "qcow2 | qcow2 | cluster_size=512",
                "qcow2 | qcow2 | cluster_size=2M",
                "qcow2 | qcow2 | extended_l2=on,cluster_size=128k",
                "qcow2 | qcow2 | compression_type=zstd",
                "qcow2 | qcow2 | lazy_refcounts=on,refcount_bits=1",
                "qcow2 | qcow2 | preallocation=metadata",
                "vmdk  | vmdk  | -",
                "vmdk  | vmdk  | subformat=streamOptimized",
                "vdi   | vdi   | -",
                "vdi   | vdi   | static=on",
                "vpc   | vhd   | -",
                "vpc   | vhd   | subformat=fixed",
                "vpc   | vhd   | subformat=fixed,force_size=on",
                "vhdx  | vhdx  | -",
                "vhdx  | vhdx  | subformat=fixed",
                "vhdx  | vhdx  | block_size=8M",
                "parallels | ploop | -",
                "raw   | raw   | -"
            })
    void whatQemuMakesIsTaken(String format, String declared, String options) throws Exception {
        String[] command = options == null
                ? new String[] {"convert", "-f", "raw", "-O", format, "content.raw", "image"}
                : new String[] {"convert", "-f", "raw", "-O", format, "-o", options, "content.raw", "image"};
        qemuImg(command);
        JsonNode info = Json.read(qemuImg("info", "-f", format, "--output=json", "image"), JsonNode.class);
        Inspector.Verdict verdict = inspect(declared, folder.resolve("image"));
        assertThat(verdict.format().wire()).isEqualTo(declared);
        assertThat(verdict.virtualSize()).isEqualTo(info.get("virtual-size").longValue());
    }

    @Test
    void aCompressedOneWithASnapshotIsTaken() throws Exception {
        qemuImg("convert", "-c", "-f", "raw", "-O", "qcow2", "content.raw", "image");
        qemuImg("snapshot", "-c", "before", "image");
        qemuImg("bitmap", "--add", "-f", "qcow2", "image", "changes");
        assertThat(inspect("qcow2", folder.resolve("image")).virtualSize()).isEqualTo(3 << 20);
    }

    @Test
    void encryptedOnesAreTaken() throws Exception {
        String secret = "secret,id=s,data=abc";
        qemuImg("create", "--object", secret, "-f", "luks", "-o", "key-secret=s,iter-time=10", "luks", "1M");
        assertThat(inspect("luks", folder.resolve("luks")).virtualSize()).isEqualTo(1 << 20);
        assertThat(inspect("raw", folder.resolve("luks")).format()).isEqualTo(DiskFormat.LUKS);
        qemuImg(
                "create",
                "--object",
                secret,
                "-f",
                "qcow2",
                "-o",
                "encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10",
                "qcow2",
                "1M");
        assertThat(inspect("qcow2", folder.resolve("qcow2")))
                .isEqualTo(new Inspector.Verdict(DiskFormat.QCOW2, 1L << 20, true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "qcow2 | -b content.raw -F raw",
                "qcow2 | -b content.raw -F raw -o compat=0.10",
                "qcow2 | -o data_file=outside",
                "qcow2 | -o data_file=outside,data_file_raw=on",
                "qcow2 | -o encryption=on --object secret,id=s,data=abc -o encrypt.key-secret=s",
                "vmdk  | -o subformat=monolithicFlat",
                "vmdk  | -o subformat=twoGbMaxExtentSparse",
                "vmdk  | -o subformat=twoGbMaxExtentFlat",
                "qed   | -b content.raw -F raw",
                "qed   | -o cluster_size=64k"
            })
    void whatNamesAnotherFileIsNot(String format, String options) throws Exception {
        List<String> command = new ArrayList<>(List.of("create", "-f", format));
        command.addAll(List.of(options.strip().split(" ")));
        command.addAll(List.of("image", "3M"));
        qemuImg(command.toArray(String[]::new));
        assertThatThrownBy(() -> inspect(format, folder.resolve("image"))).isInstanceOf(UnsafeImage.class);
        assertThatThrownBy(() -> inspect("raw", folder.resolve("image"))).isInstanceOf(UnsafeImage.class);
    }
}
