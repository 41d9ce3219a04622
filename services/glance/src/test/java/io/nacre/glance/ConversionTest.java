package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.tasks.Reconciler;
import io.nacre.testkit.image.HostileImages;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Images get the format of the site on their way in, by the real qemu-img. */
class ConversionTest {
    private static final String ME = "member@mine";
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    /** What was said of imports while they ran. */
    private final Set<String> messages = new TreeSet<>();

    private GlanceServer glance;

    @AfterEach
    void stop() {
        glance.close();
    }

    private void start(String format) {
        glance = new GlanceServer(folder, GlanceServer.settings("""
                image_size_cap = "64 MiB"
                [glance.imports]
                plugins = ["image_decompression", "image_conversion"]
                [glance.imports.conversion]
                output_format = "%s"
                """.formatted(format)));
    }

    private static byte[] disk() {
        byte[] data = new byte[3 * MIB];
        new Random(3).nextBytes(data);
        Arrays.fill(data, MIB, 2 * MIB, (byte) 0);
        return data;
    }

    private byte[] converted(byte[] data, String from, String to) throws Exception {
        Path in = Files.write(folder.resolve("in"), data);
        Path out = folder.resolve("out");
        Process process = new ProcessBuilder("qemu-img", "convert", "-f", from, "-O", to, in.toString(), out.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return Files.readAllBytes(out);
    }

    private String imported(String format, String container, byte[] data) throws Exception {
        String id =
                glance.create(ME, "\"disk_format\": \"" + format + "\", \"container_format\": \"" + container + "\"");
        glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(data)));
        assertThat(glance.post(ME, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-direct\"}}")
                        .statusCode())
                .isEqualTo(202);
        while (glance.tasks.unfinished() > 0) {
            messages.add(task(id).get("message").stringValue());
        }
        return id;
    }

    private byte[] data(String id) throws Exception {
        return glance.bytes(glance.request(ME, "/v2/images/" + id + "/file")).body();
    }

    private JsonNode task(String id) throws Exception {
        return glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
    }

    private void nothingElseIsLeft(int files) throws Exception {
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(glance.files()).hasSize(files);
    }

    @Test
    void imagesBecomeRaw() throws Exception {
        start("raw");
        byte[] disk = disk();
        for (String from : List.of("raw", "qcow2", "vmdk")) {
            String id = imported(from, "bare", converted(disk, "raw", from));
            JsonNode image = glance.show(ME, id);
            assertThat(image.get("status").stringValue())
                    .as(task(id).toString())
                    .isEqualTo("active");
            assertThat(image.get("disk_format").stringValue()).isEqualTo("raw");
            assertThat(image.get("size").intValue()).isEqualTo(disk.length);
            assertThat(image.get("virtual_size").intValue()).isEqualTo(disk.length);
            assertThat(data(id)).isEqualTo(disk);
        }
        assertThat(messages).anyMatch(message -> message.matches("Converted \\d+ %"));
        assertThat(messages).anyMatch(message -> message.matches("Copied \\d+ MiB"));
        nothingElseIsLeft(3);
    }

    @Test
    void imagesBecomeQcow2WithTheirHashes() throws Exception {
        start("qcow2");
        String id = imported("raw", "bare", disk());
        JsonNode image = glance.show(ME, id);
        assertThat(image.get("disk_format").stringValue()).isEqualTo("qcow2");
        assertThat(image.get("virtual_size").intValue()).isEqualTo(3 * MIB);
        byte[] data = data(id);
        assertThat(data).hasSize(image.get("size").intValue());
        byte[] sha = MessageDigest.getInstance("SHA-512").digest(data);
        assertThat(HexFormat.of().formatHex(sha))
                .isEqualTo(image.get("os_hash_value").stringValue());
        assertThat(converted(data, "qcow2", "raw")).isEqualTo(disk());
    }

    @Test
    void imagesBecomeVmdk() throws Exception {
        start("vmdk");
        String id = imported("qcow2", "bare", converted(disk(), "raw", "qcow2"));
        assertThat(glance.show(ME, id).get("disk_format").stringValue())
                .as(task(id).toString())
                .isEqualTo("vmdk");
        assertThat(converted(data(id), "vmdk", "raw")).isEqualTo(disk());
    }

    @Test
    void whatIsNotSafeOrCannotBeConvertedIsRefused() throws Exception {
        start("raw");
        record Bad(String format, String container, byte[] data, String message) {}
        byte[] broken = converted(disk(), "raw", "qcow2");
        Arrays.fill(broken, 3 << 16, 4 << 16, (byte) 0xaa);
        for (Bad bad : List.of(
                new Bad("qcow2", "bare", HostileImages.named("qcow2-backing-file"), "backing file"),
                new Bad("raw", "bare", converted(disk(), "raw", "qcow2"), "does not match"),
                new Bad("qcow2", "ovf", converted(disk(), "raw", "qcow2"), "bare container"),
                new Bad("qcow2", "bare", broken, "cannot be converted"))) {
            String id = imported(bad.format(), bad.container(), bad.data());
            assertThat(glance.status(id)).as(bad.message()).isEqualTo("queued");
            assertThat(task(id).get("message").stringValue()).contains(bad.message());
        }
        nothingElseIsLeft(0);
    }
}
