package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nacre.base.FaultException;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.Eventually;
import io.nacre.testkit.image.HostileImages;
import io.nacre.testkit.image.SampleImages;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ImageDataTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private HttpServer web;
    private GlanceServer glance;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/image", exchange -> {
            exchange.sendResponseHeaders(200, DATA.length);
            exchange.getResponseBody().write(DATA);
            exchange.close();
        });
        web.createContext("/inside", exchange -> {
            exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        web.createContext("/moved", exchange -> {
            exchange.getResponseHeaders().add("Location", "/image");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        web.start();
        glance = new GlanceServer(
                folder, GlanceServer.settings("""
                        image_size_cap = "1 MiB"
                        quotas = ["images=50", "size_mib=2", "members=128", "tags=128", "properties=128"]
                        upload_lease = "20s"
                        web_download_allow = ["127.0.0.1:%d"]
                        """.formatted(web.getAddress().getPort())));
    }

    @AfterEach
    void stop() {
        glance.close();
        web.stop(0);
    }

    private String create(String diskFormat) throws Exception {
        return glance.create(ME, "\"disk_format\": \"" + diskFormat + "\", \"container_format\": \"bare\"");
    }

    private void nothingIsLeftOf(String id) throws Exception {
        Eventually.happens("the image is queued again", () -> status(id).equals("queued"));
        assertThat(glance.files()).isEmpty();
        assertThat(glance.show(ME, id).get("size").isNull()).isTrue();
    }

    private List<String> files() {
        try {
            return glance.files();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String status(String id) {
        try {
            return glance.status(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<String> importing(String id, String method) throws Exception {
        return glance.post(ME, "/v2/images/" + id + "/import", "{\"method\": {" + method + "}}");
    }

    private String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    @Test
    void anUploadThatBreaksOffLeavesTheImageQueuedAndNothingOnDisk() throws Exception {
        for (String framing : List.of("Content-Length: 900000", "Transfer-Encoding: chunked")) {
            String id = create("raw");
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), glance.port())) {
                OutputStream out = socket.getOutputStream();
                out.write(("PUT /v2/images/" + id + "/file HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + ME
                                + "\r\nContent-Type: application/octet-stream\r\n" + framing + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                String begin = framing.startsWith("C") ? "" : "10000\r\n";
                out.write(begin.getBytes(StandardCharsets.US_ASCII));
                out.write(new byte[0x8000]);
                out.flush();
                Eventually.happens("the upload began", () -> status(id).equals("saving"));
                assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(409);
            }
            nothingIsLeftOf(id);
            assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
            assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
            glance.settle();
        }
    }

    @Test
    void hostileImagesAreRefusedAndNothingOfThemStays() throws Exception {
        for (String name :
                List.of("qcow2-backing-file", "qcow2-data-file", "qcow2-unknown-feature", "qcow2-that-is-raw")) {
            String id = create("qcow2");
            HttpResponse<String> response = glance.upload(ME, id, HostileImages.named(name));
            assertThat(response.statusCode()).as(response.body()).isEqualTo(415);
            nothingIsLeftOf(id);
        }
        String good = create("qcow2");
        assertThat(glance.upload(ME, good, SampleImages.qcow2(SampleImages.UNSPOILT))
                        .statusCode())
                .isEqualTo(204);
        assertThat(glance.show(ME, good).get("virtual_size").longValue()).isEqualTo(SampleImages.VIRTUAL_SIZE);
    }

    @Test
    void whatIsTooLargeIsRefused() throws Exception {
        String id = create("raw");
        HttpResponse<String> response = glance.upload(ME, id, new byte[(1 << 20) + 1]);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(413);
        nothingIsLeftOf(id);
        for (int i = 0; i < 2; i++) {
            assertThat(glance.upload(ME, create("raw"), new byte[1 << 20]).statusCode())
                    .isEqualTo(204);
        }
        HttpResponse<String> over = glance.upload(ME, id, DATA);
        assertThat(over.statusCode()).as(over.body()).isEqualTo(413);
        assertThat(glance.status(id)).isEqualTo("queued");
    }

    @Test
    void anUploadNeedsFormatsAndTheRightContentType() throws Exception {
        String bare = glance.create(ME, "\"container_format\": \"bare\"");
        HttpResponse<String> response = glance.upload(ME, bare, DATA);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("disk_format");
        HttpResponse<String> wrong = glance.send(glance.request(ME, "/v2/images/" + create("raw") + "/file")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(DATA)));
        assertThat(wrong.statusCode()).isEqualTo(415);
    }

    @Test
    void rangesAreServedInBothForms() throws Exception {
        String id = create("raw");
        glance.upload(ME, id, DATA);
        record Wanted(String header, String value, int status, String body) {}
        for (Wanted wanted : List.of(
                new Wanted("Range", "bytes=2-4", 206, "234"),
                new Wanted("Range", "bytes=7-", 206, "789"),
                new Wanted("Range", "bytes=-2", 206, "89"),
                new Wanted("Range", "bytes=8-100", 206, "89"),
                new Wanted("Content-Range", "bytes 1-3/10", 206, "123"),
                new Wanted("Content-Range", "bytes 1-3/*", 206, "123"))) {
            HttpResponse<String> response = glance.send(
                    glance.request(ME, "/v2/images/" + id + "/file").header(wanted.header(), wanted.value()));
            assertThat(response.statusCode()).as(wanted.toString()).isEqualTo(wanted.status());
            assertThat(response.body()).as(wanted.toString()).isEqualTo(wanted.body());
        }
        for (String bad : List.of("bytes=10-", "bytes=5-2", "lines=1-2", "bytes=-", "bytes=-0")) {
            assertThat(glance.send(glance.request(ME, "/v2/images/" + id + "/file")
                                    .header("Range", bad))
                            .statusCode())
                    .as(bad)
                    .isEqualTo(416);
        }
    }

    @Test
    void aDeactivatedImageIsServedToNobodyButAdmins() throws Exception {
        String id = create("raw");
        assertThat(glance.post(ME, "/v2/images/" + id + "/actions/deactivate", "")
                        .statusCode())
                .isEqualTo(403);
        glance.upload(ME, id, DATA);
        assertThat(glance.post(ME, "/v2/images/" + id + "/actions/deactivate", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").statusCode()).isEqualTo(403);
        assertThat(glance.get(ADMIN, "/v2/images/" + id + "/file").statusCode()).isEqualTo(200);
        assertThat(glance.post(ME, "/v2/images/" + id + "/actions/reactivate", "")
                        .statusCode())
                .isEqualTo(204);
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").statusCode()).isEqualTo(200);
    }

    @Test
    void stagedDataBecomesTheImagesByAnImport() throws Exception {
        String id = create("raw");
        assertThat(importing(id, "\"name\": \"glance-direct\"").statusCode()).isEqualTo(409);
        HttpResponse<String> staged = glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(DATA)));
        assertThat(staged.statusCode()).as(staged.body()).isEqualTo(204);
        assertThat(glance.status(id)).isEqualTo("uploading");
        assertThat(glance.show(ME, id).get("size").intValue()).isEqualTo(10);
        assertThat(importing(id, "\"name\": \"glance-direct\"").statusCode()).isEqualTo(202);
        glance.settle();
        assertThat(glance.status(id)).isEqualTo("active");
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").body()).isEqualTo("0123456789");
        Eventually.happens("the staged data is gone", () -> files().size() == 1);
        assertThat(glance.show(ME, id).has("os_glance_import_task")).isFalse();
        JsonNode tasks = glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"));
        JsonNode task = tasks.get("tasks").get(0);
        assertThat(task.get("status").stringValue()).isEqualTo("success");
        assertThat(task.get("input").get("import_req").get("method").get("name").stringValue())
                .isEqualTo("glance-direct");
        assertThat(importing(id, "\"name\": \"glance-direct\"").statusCode()).isEqualTo(409);
    }

    @Test
    void anImportOfHostileDataFailsWithItsReason() throws Exception {
        String id = create("qcow2");
        glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(HostileImages.named("qcow2-backing-file"))));
        assertThat(importing(id, "\"name\": \"glance-direct\"").statusCode()).isEqualTo(202);
        glance.settle();
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(glance.show(ME, id).get("os_glance_failed_import").stringValue())
                .isEqualTo("file");
        JsonNode task = glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
        assertThat(task.get("status").stringValue()).isEqualTo("failure");
        assertThat(task.get("message").stringValue()).contains("backing file");
        cleanUp();
        assertThat(glance.files()).isEmpty();
    }

    private void cleanUp() {
        glance.glance.reconcilers().forEach(Reconciler::run);
    }

    @Test
    void aWebDownloadFollowsRedirectsThatStayOutside() throws Exception {
        String id = create("raw");
        assertThat(importing(id, "\"name\": \"web-download\", \"uri\": \"" + url("/moved") + "\"")
                        .statusCode())
                .isEqualTo(202);
        glance.settle();
        assertThat(glance.status(id)).isEqualTo("active");
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").body()).isEqualTo("0123456789");
    }

    @Test
    void aWebDownloadNeverLeadsInside() throws Exception {
        String id = create("raw");
        for (String bad : List.of(
                "http://127.0.0.1/x",
                "http://127.0.0.1:22/",
                "http://169.254.169.254/latest",
                "http://10.0.0.1/x",
                "http://[::1]/x",
                "http://[fd00::1]/",
                "http://[::ffff:127.0.0.1]/",
                "http://0.0.0.0/",
                "file:///etc/passwd",
                "http://user:secret@example.org/",
                "http://example.org:8080/",
                "nonsense")) {
            HttpResponse<String> response = importing(id, "\"name\": \"web-download\", \"uri\": \"" + bad + "\"");
            assertThat(response.statusCode()).as(bad + response.body()).isEqualTo(400);
        }
        assertThat(glance.status(id)).isEqualTo("queued");
        for (String late : List.of("http://localhost/x", url("/inside"), url("/nothing"))) {
            assertThat(importing(id, "\"name\": \"web-download\", \"uri\": \"" + late + "\"")
                            .statusCode())
                    .isEqualTo(202);
            glance.settle();
            nothingIsLeftOf(id);
        }
        assertThat(glance.get(ME, "/v2/images/" + id + "/tasks").body())
                .contains("does not pass filtering")
                .contains("status 404");
    }

    @Test
    void anImageThatIsDeletedDuringItsUploadIsGone() throws Exception {
        String id = create("raw");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), glance.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(("PUT /v2/images/" + id + "/file HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + ME
                            + "\r\nContent-Type: application/octet-stream\r\nContent-Length: 20\r\n\r\n0123456789")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            Eventually.happens("the upload began", () -> status(id).equals("saving"));
            assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
            glance.settle();
            out.write(DATA);
            out.flush();
            byte[] answer = socket.getInputStream().readNBytes(12);
            assertThat(new String(answer, StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 4")
                    .contains("410");
        }
        assertThat(glance.files()).isEmpty();
    }

    @Test
    void whatADeadControllerLeftIsCleanedUp() throws Exception {
        cleanUp();
        String id = create("raw");
        Path store = folder.resolve("images");
        String orphan = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
        Files.write(store.resolve(orphan), DATA);
        Files.write(store.resolve("staging").resolve(orphan + ".part"), DATA);
        Files.write(store.resolve("readme"), DATA);
        glance.upload(ME, id, DATA);
        String stuck = create("raw");
        glance.database.run(tx -> io.nacre.database.Sql.in(tx)
                .execute("update glance_image set status = 'saving' where id = '" + stuck + "'"));
        cleanUp();
        assertThat(glance.status(stuck)).isEqualTo("saving");
        assertThat(glance.files()).hasSize(2).contains("readme");
        glance.clock.advance(Duration.ofMinutes(1));
        cleanUp();
        assertThat(glance.status(stuck)).isEqualTo("queued");
        assertThat(glance.status(id)).isEqualTo("active");
    }

    @Test
    void dataOfOthersIsNotCleanedUp() throws Exception {
        Path theirs = folder.resolve("images").resolve("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee");
        Files.write(theirs, DATA);
        String id = create("raw");
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
        cleanUp();
        cleanUp();
        assertThat(theirs).exists();
        assertThat(glance.status(id)).isEqualTo("active");
        Files.delete(theirs);
        cleanUp();
        Files.write(theirs, DATA);
        cleanUp();
        assertThat(theirs).doesNotExist();
    }

    @Test
    void otherServicesGetWhatTheyNeedToFetchAnImage() throws Exception {
        String id = create("raw");
        Assertions.assertThatThrownBy(() -> glance.glance.peer().source(id)).isInstanceOf(FaultException.class);
        glance.upload(ME, id, DATA);
        var source = glance.glance.peer().source(id);
        assertThat(source.size()).isEqualTo(10);
        assertThat(source.url()).hasToString("http://127.0.0.1:9292/v2/images/" + id + "/file");
        assertThat(source.headers()).containsEntry("X-Auth-Token", "a-service-token");
        assertThat(source.hash())
                .isEqualTo(glance.show(ME, id).get("os_hash_value").stringValue());
    }

    @Test
    void theNumberOfImagesIsLimited() throws Exception {
        for (int i = 0; i < 50; i++) {
            create("raw");
        }
        assertThat(glance.post(ME, "/v2/images", "{}").statusCode()).isEqualTo(413);
        assertThat(glance.post("member@yours", "/v2/images", "{}").statusCode()).isEqualTo(201);
    }
}
