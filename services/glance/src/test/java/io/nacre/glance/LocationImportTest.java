package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nacre.base.Digests;
import io.nacre.base.Json;
import io.nacre.database.Sql;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.Eventually;
import io.nacre.testkit.image.HostileImages;
import io.nacre.testkit.image.SampleImages;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The location API of v2.17. */
class LocationImportTest {
    private static final String ME = "member@mine";
    private static final String SERVICE = "service@mine";
    private static final String TEXT = "0123456789";
    private static final byte[] DATA = TEXT.getBytes(StandardCharsets.US_ASCII);
    private static final String SHA256 = Digests.hex("SHA-256", TEXT);
    private static final String SHA512 = Digests.hex("SHA-512", TEXT);

    @TempDir
    Path folder;

    private final CountDownLatch slow = new CountDownLatch(1);
    private final AtomicInteger troubles = new AtomicInteger();
    private HttpServer web;
    private GlanceServer glance;

    @BeforeEach
    void start() throws IOException {
        web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        serve("/one", DATA);
        serve("/qcow2", SampleImages.qcow2(SampleImages.UNSPOILT));
        serve("/hostile", HostileImages.named("qcow2-backing-file"));
        web.createContext("/slow", exchange -> {
            await();
            answer(exchange, DATA, DATA.length);
        });
        web.createContext("/breaks", exchange -> answer(exchange, DATA, isBroken(exchange) ? 4 : 10));
        web.start();
        glance = server("");
    }

    private boolean isBroken(HttpExchange exchange) {
        return exchange.getRequestMethod().equals("GET") && troubles.getAndDecrement() > 0;
    }

    private void serve(String path, byte[] data) {
        web.createContext(path, exchange -> answer(exchange, data, data.length));
    }

    /** @param sent bytes after which the connection breaks */
    private static void answer(HttpExchange exchange, byte[] data, int sent) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.getResponseHeaders().add("Content-Length", Integer.toString(data.length));
        exchange.sendResponseHeaders(200, head ? -1 : data.length);
        if (!head) {
            exchange.getResponseBody().write(data, 0, sent);
            exchange.getResponseBody().flush();
        }
        exchange.close();
    }

    private void await() {
        try {
            slow.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param options of [glance.locations] and what follows */
    private GlanceServer server(String options) {
        return new GlanceServer(folder, GlanceServer.settings("""
                        quotas = ["images=9", "size_mib=1"]
                        [glance.store.files]
                        driver = "file"
                        folder = "%s/files"
                        [glance.store.web]
                        driver = "http"
                        allow = ["127.0.0.1:%d"]
                        [glance.locations]
                        %s
                        """.formatted(
                        folder, web.getAddress().getPort(), options)));
    }

    @AfterEach
    void stop() {
        slow.countDown();
        glance.close();
        web.stop(0);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + web.getAddress().getPort() + path;
    }

    private String locations(String id) {
        return "/v2/images/" + id + "/locations";
    }

    private HttpResponse<String> add(String token, String id, String path) throws Exception {
        glance.clock.advance(Duration.ofSeconds(1));
        return glance.post(token, locations(id), "{\"url\": \"" + url(path) + "\"}");
    }

    private HttpResponse<String> add(String id, String path, String algorithm, String hash) throws Exception {
        glance.clock.advance(Duration.ofSeconds(1));
        return glance.post(
                ME,
                locations(id),
                Json.write(Map.of(
                        "url", url(path),
                        "validation_data", Map.of("os_hash_algo", algorithm, "os_hash_value", hash))));
    }

    /** The image after its task is over. */
    private JsonNode settled(String id, HttpResponse<String> answer) throws Exception {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        glance.settle();
        JsonNode image = glance.show(ME, id);
        assertThat(image.propertyNames()).noneMatch(name -> name.startsWith("os_glance_"));
        return image;
    }

    private JsonNode task(String id) throws Exception {
        return glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"))
                .get("tasks")
                .get(0);
    }

    private JsonNode told(String id) throws Exception {
        return glance.json(200, glance.get(SERVICE, locations(id)));
    }

    private void assertGivenUp(String id, JsonNode image, String why) throws Exception {
        assertThat(image.get("status").stringValue()).isEqualTo("queued");
        for (String field : List.of("size", "virtual_size", "checksum", "os_hash_algo", "os_hash_value")) {
            assertThat(image.get(field).isNull()).as(field).isTrue();
        }
        assertThat(task(id).get("status").stringValue()).isEqualTo("failure");
        assertThat(task(id).get("message").stringValue()).contains(why);
        assertThat(told(id).isEmpty()).isTrue();
        assertThat(glance.show(ME, id).has("stores")).isFalse();
    }

    @Test
    void dataOfOthersIsHashedInTheBackground() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(told(id).isEmpty()).isTrue();
        HttpResponse<String> answer = add(ME, id, "/one");
        assertThat(glance.status(id)).isIn("importing", "active");
        JsonNode image = settled(id, answer);
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("size").intValue()).isEqualTo(10);
        assertThat(image.get("virtual_size").intValue()).isEqualTo(10);
        assertThat(image.get("checksum").stringValue())
                .isEqualTo(HexFormat.of().formatHex(Digests.of("MD5").digest(DATA)));
        assertThat(image.get("os_hash_algo").stringValue()).isEqualTo("sha512");
        assertThat(image.get("os_hash_value").stringValue()).isEqualTo(SHA512);
        assertThat(image.get("stores").stringValue()).isEqualTo("web");
        assertThat(told(id).toString())
                .isEqualTo("[{\"url\":\"" + url("/one") + "\",\"metadata\":{\"store\":\"web\"}}]");
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").body()).isEqualTo(TEXT);
        JsonNode task = task(id);
        assertThat(task.get("type").stringValue()).isEqualTo("location_import");
        assertThat(task.get("status").stringValue()).isEqualTo("success");
        assertThat(task.at("/result/image_id").stringValue()).isEqualTo(id);
        assertThat(task.get("input").toString())
                .isEqualTo("{\"image_id\":\"" + id + "\",\"loc_url\":\"" + url("/one") + "\",\"validation_data\":{}}");
        assertThat(glance.json(glance.get("admin@ops", "/v2/tasks"))
                        .at("/tasks/0/type")
                        .stringValue())
                .isEqualTo("location_import");
        assertThat(add(ME, id, "/one").statusCode()).isEqualTo(409);
    }

    @Test
    void theHashThatWasToldMustBeTheDatas() throws Exception {
        String id = glance.createRaw(ME);
        assertGivenUp(id, settled(id, add(id, "/one", "sha256", "0".repeat(64))), "not matched with actual");
        JsonNode image = settled(id, add(id, "/one", "sha256", SHA256.toUpperCase(Locale.ROOT)));
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("os_hash_algo").stringValue()).isEqualTo("sha256");
        assertThat(image.get("os_hash_value").stringValue()).isEqualTo(SHA256);
        glance.glance.reconcilers().forEach(Reconciler::run);
        assertThat(told(id).size()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hostileDataIsGivenUpWhetherItIsHashedOrNot(boolean hashed) throws Exception {
        glance.close();
        glance = server("do_secure_hash = " + hashed);
        String qcow2 = "\"disk_format\": \"qcow2\", \"container_format\": \"bare\"";
        String id = glance.create(ME, qcow2);
        assertGivenUp(id, settled(id, add(ME, id, "/hostile")), "backing file");
        assertGivenUp(id, settled(id, add(ME, id, "/one")), "does not match disk format");
        JsonNode image = settled(id, add(ME, id, "/qcow2"));
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("virtual_size").longValue())
                .isNotEqualTo(image.get("size").longValue());
        assertThat(image.get("os_hash_value").isNull()).isEqualTo(!hashed);
    }

    @Test
    void withoutHashingWhatWasToldIsBelieved() throws Exception {
        glance.close();
        glance = server("do_secure_hash = false");
        String id = glance.createRaw(ME);
        JsonNode image = settled(id, add(id, "/one", "sha1", "0".repeat(40)));
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("size").intValue()).isEqualTo(10);
        assertThat(image.get("checksum").isNull()).isTrue();
        assertThat(image.get("os_hash_algo").stringValue()).isEqualTo("sha1");
        assertThat(image.get("os_hash_value").stringValue()).isEqualTo("0".repeat(40));
    }

    @Test
    void aConnectionThatBreaksIsTriedAgainSoOften() throws Exception {
        String id = glance.createRaw(ME);
        troubles.set(3);
        assertThat(settled(id, add(ME, id, "/breaks")).get("status").stringValue())
                .isEqualTo("active");
        glance.close();
        glance = server("http_retries = 1");
        String other = glance.createRaw(ME);
        troubles.set(3);
        assertGivenUp(other, settled(other, add(ME, other, "/breaks")), "it broke off after 4 of 10 bytes");
        assertThat(troubles).hasValue(1);
    }

    @Test
    void whatIsNotThereOrTooMuchIsGivenUp() throws Exception {
        String id = glance.createRaw(ME);
        assertGivenUp(id, settled(id, add(ME, id, "/nothing")), "There is no data at " + url("/nothing"));
        web.createContext("/endless", exchange -> {
            if (exchange.getRequestMethod().equals("HEAD")) {
                answer(exchange, DATA, DATA.length);
                return;
            }
            exchange.sendResponseHeaders(200, 1L << 40);
            while (slow.getCount() > 0) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        });
        assertGivenUp(id, settled(id, add(ME, id, "/endless")), "expected were 10");
        serve("/large", new byte[(1 << 20) + 1]);
        assertGivenUp(id, settled(id, add(ME, id, "/large")), "");
        assertThat(glance.json(glance.get(ME, "/v2/info/usage"))
                        .at("/usage/image_size_total/usage")
                        .intValue())
                .isZero();
    }

    @Test
    void aRequestThatMakesNoSenseChangesNothing() throws Exception {
        String id = glance.createRaw(ME);
        for (String bad : List.of(
                "{}",
                "[]",
                "{\"url\": 7}",
                "{\"url\": \"http://127.0.0.1:1/x\"}",
                "{\"url\": \"http://169.254.169.254/latest\"}",
                "{\"url\": \"" + url("/one") + "\", \"validation_data\": null}",
                "{\"url\": \"" + url("/one") + "\", \"validation_data\": {\"checksum\": \"00\"}}",
                "{\"url\": \"" + url("/one") + "\", \"validation_data\": {\"os_hash_algo\": \"sha256\"}}",
                "{\"url\": \"" + url("/one") + "\", \"validation_data\": {\"os_hash_value\": \"00\"}}")) {
            assertThat(glance.post(ME, locations(id), bad).statusCode()).as(bad).isEqualTo(400);
        }
        assertThat(add(id, "/one", "sha123", SHA512).statusCode()).isEqualTo(400);
        assertThat(add(id, "/one", "sha512", "xy".repeat(64)).body()).contains("is not a valid hexadecimal value");
        assertThat(add(id, "/one", "sha512", SHA256).body())
                .contains("is not the correct size for (sha512) (should be (64) bytes)");
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(glance.json(glance.get(ME, "/v2/images/" + id + "/tasks"))
                        .get("tasks")
                        .isEmpty())
                .isTrue();
        String bare = glance.create(ME, "\"name\": \"no formats\"");
        assertThat(add(ME, bare, "/one").statusCode()).isEqualTo(400);
        assertThat(glance.status(bare)).isEqualTo("queued");
    }

    @Test
    void onlyServicesNameDataThatIsNotInTheWebAndAreToldWhereDataIs() throws Exception {
        String id = glance.createRaw(ME);
        String file = "{\"url\": \"file:///etc/passwd\"}";
        HttpResponse<String> refused = glance.post(ME, locations(id), file);
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("http store must be enabled to use location API by normal user.");
        assertThat(glance.post(SERVICE, locations(id), file).statusCode()).isEqualTo(400);
        assertThat(glance.send(glance.request(ME, locations(id))
                                .header("X-Service-Token", "service@service")
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofString(file)))
                        .statusCode())
                .isEqualTo(400);
        assertThat(glance.get(ME, locations(id)).statusCode()).isEqualTo(403);
        assertThat(glance.get("admin@mine", locations(id)).statusCode()).isEqualTo(403);
        assertThat(glance.send(glance.request(ME, locations(id)).header("X-Service-Token", "service@service"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(glance.get("service@yours", locations(id)).statusCode()).isEqualTo(404);
        assertThat(settled(id, add(SERVICE, id, "/one")).get("status").stringValue())
                .isEqualTo("active");
    }

    @Test
    void withoutAStoreOfTheWebUsersNameNothing() throws Exception {
        glance.close();
        glance = new GlanceServer(folder, config -> config);
        String id = glance.createRaw(ME);
        assertThat(add(ME, id, "/one").statusCode()).isEqualTo(403);
        assertThat(add(SERVICE, id, "/one").statusCode()).isEqualTo(400);
    }

    @Test
    void anImageThatIsDeletedMeanwhileLeavesNothing() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(add(ME, id, "/slow").statusCode()).isEqualTo(202);
        assertThat(glance.status(id)).isEqualTo("importing");
        assertThat(glance.show(ME, id).has("os_glance_import_task")).isTrue();
        assertThat(add(ME, id, "/one").statusCode()).isEqualTo(409);
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        slow.countDown();
        glance.settle();
        glance.glance.reconcilers().forEach(Reconciler::run);
        Eventually.happens("no location is left", () -> left() == 0);
        assertThat(glance.get(ME, "/v2/images/" + id).statusCode()).isEqualTo(404);
    }

    private int left() {
        return glance.database.read(tx -> Sql.in(tx).fetchCount(DSL.table("glance_location")));
    }
}
