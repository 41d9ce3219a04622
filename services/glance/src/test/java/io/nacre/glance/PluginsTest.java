package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.config.InvalidSettings;
import io.nacre.tasks.Reconciler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import tools.jackson.databind.JsonNode;

/** What is done to images on their way in: unpacking, and properties that are given to them. */
class PluginsTest {
    private static final String ME = "member@mine";
    private static final byte[] DATA = "0123456789".repeat(1000).getBytes(StandardCharsets.US_ASCII);
    private static final int MIB = 1 << 20;

    @TempDir
    Path folder;

    private GlanceServer glance;

    @BeforeEach
    void start() {
        glance = new GlanceServer(folder, GlanceServer.settings("""
                image_size_cap = "100 MiB"
                [glance.imports]
                plugins = ["image_decompression", "inject_image_metadata"]
                decompression_ratio = 10
                ignore_user_roles = ["admin"]
                inject = {os_distro = "nacre", imported = "yes"}
                """));
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private interface Packer {
        OutputStream pack(OutputStream out) throws IOException;
    }

    private static byte[] packed(Packer packer, byte[] data) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream packed = packer.pack(out)) {
            packed.write(data);
        }
        return out.toByteArray();
    }

    private static byte[] xz(byte[] data) throws IOException {
        return packed(out -> new XZOutputStream(out, new LZMA2Options()), data);
    }

    private static byte[] zip(int members) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (int i = 0; i < members; i++) {
                zip.putNextEntry(new ZipEntry("disk" + i + ".img"));
                zip.write(DATA);
            }
        }
        return out.toByteArray();
    }

    private String imported(String token, String container, byte[] data) throws Exception {
        String id = glance.create(
                token,
                "\"disk_format\": \"raw\", \"container_format\": \"" + container + "\", \"os_distro\": \"mine\"");
        glance.send(glance.request(token, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(data)));
        HttpResponse<String> response =
                glance.post(token, "/v2/images/" + id + "/import", "{\"method\": {\"name\": \"glance-direct\"}}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        glance.settle();
        return id;
    }

    private byte[] data(String id) throws Exception {
        return glance.bytes(glance.request(ME, "/v2/images/" + id + "/file")).body();
    }

    private String message(String id) throws Exception {
        JsonNode task = glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
        assertThat(task.get("status").stringValue()).isEqualTo("failure");
        return task.get("message").stringValue();
    }

    @Test
    void packedImagesAreUnpacked() throws Exception {
        for (byte[] packed : List.of(DATA, packed(GZIPOutputStream::new, DATA), xz(DATA), zip(1))) {
            String id = imported(ME, "bare", packed);
            assertThat(glance.status(id)).isEqualTo("active");
            assertThat(data(id)).isEqualTo(DATA);
            assertThat(glance.show(ME, id).get("size").intValue()).isEqualTo(DATA.length);
        }
    }

    @Test
    void whatSaysThatItIsCompressedStaysSo() throws Exception {
        byte[] packed = packed(GZIPOutputStream::new, DATA);
        assertThat(data(imported(ME, "compressed", packed))).isEqualTo(packed);
    }

    @Test
    void whatCannotBeUnpackedIsRefused() throws Exception {
        byte[] gzip = packed(GZIPOutputStream::new, DATA);
        byte[] damaged = gzip.clone();
        damaged[damaged.length - 6] ^= 1;
        record Bad(byte[] data, String message) {}
        for (Bad bad : List.of(
                new Bad(zip(2), "more than one file"),
                new Bad(Arrays.copyOf(gzip, gzip.length - 9), "cannot be unpacked"),
                new Bad(damaged, "cannot be unpacked"),
                // Both become 80 MiB and are allowed ten times their size, or 64 MiB.
                new Bad(packed(GZIPOutputStream::new, new byte[80 * MIB]), "becomes too large"),
                new Bad(xz(new byte[80 * MIB]), "becomes too large"))) {
            String id = imported(ME, "bare", bad.data());
            assertThat(glance.status(id)).isEqualTo("queued");
            assertThat(message(id)).contains(bad.message());
        }
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(glance.files()).isEmpty();
    }

    @Test
    void imagesGetThePropertiesOfTheSite() throws Exception {
        JsonNode mine = glance.show(ME, imported(ME, "bare", DATA));
        assertThat(mine.get("os_distro").stringValue()).isEqualTo("nacre");
        assertThat(mine.get("imported").stringValue()).isEqualTo("yes");
        JsonNode theirs = glance.show("admin@ops", imported("admin@ops", "bare", DATA));
        assertThat(theirs.get("os_distro").stringValue()).isEqualTo("mine");
        assertThat(theirs.has("imported")).isFalse();
    }

    @Test
    void pluginsThatMakeNoSenseStopTheStart() {
        for (String bad : List.of(
                "plugins = [\"no_such_plugin\"]",
                "plugins = [\"inject_image_metadata\", \"image_decompression\"]",
                "decompression_ratio = 0",
                "inject = {os_glance_x = \"y\"}")) {
            Assertions.assertThatThrownBy(() ->
                            GlanceServer.settings("[glance.imports]\n" + bad).apply(GlanceConfig.defaults(folder)))
                    .as(bad)
                    .isInstanceOf(InvalidSettings.class);
        }
    }
}
