package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.config.InvalidSettings;
import io.nacre.glance.store.FaultyStore;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.glance.store.file.FileStoreConfig;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.Eventually;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Several stores: cheap is the default, fast the heaviest, and either can get into trouble. */
class SeveralStoresTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    private FaultyStore cheap;
    private FaultyStore fast;
    private GlanceServer glance;

    @BeforeEach
    void start() {
        cheap = new FaultyStore(folder.resolve("cheap"), null);
        fast = new FaultyStore(folder.resolve("fast"), 100);
        Map<String, StoreConfig> stores = new LinkedHashMap<>();
        stores.put("fast", fast);
        stores.put("cheap", cheap);
        stores.put("files", new FileStoreConfig("Plain files", 5, folder.resolve("files")));
        glance = new GlanceServer(folder, GlanceServer.stores(stores, "cheap"));
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private HttpResponse<String> upload(String id, String store) throws Exception {
        return glance.send(glance.request(ME, "/v2/images/" + id + "/file")
                .header("Content-Type", GlanceServer.OCTETS)
                .header("X-Image-Meta-Store", store)
                .PUT(BodyPublishers.ofByteArray(DATA)));
    }

    /** An image in this store, and a copy of it in another. */
    private String twice(String store, FaultyStore second, String name) throws Exception {
        String id = glance.createRaw(ME);
        assertThat(upload(id, store).statusCode()).isEqualTo(204);
        String key = UUID.randomUUID().toString();
        try (Sink sink = second.create(key)) {
            sink.write(DATA, 0, DATA.length);
            sink.commit();
        }
        glance.database.run(tx -> io.nacre.database.Sql.in(tx)
                .execute("insert into glance_location (data_key, image_id, store, status, touched_at) values ('" + key
                        + "', '" + id + "', '" + name + "', 'ACTIVE', 9999999999999)"));
        return id;
    }

    private HttpResponse<String> data(String id) throws Exception {
        return glance.get(ME, "/v2/images/" + id + "/file");
    }

    private String stores(String id) throws Exception {
        return glance.show(ME, id).get("stores").stringValue();
    }

    private HttpResponse<String> removeFrom(String store, String id) throws Exception {
        return glance.delete(ADMIN, "/v2/stores/" + store + "/" + id);
    }

    private void cleanUp() {
        glance.glance.reconcilers().forEach(Reconciler::run);
    }

    @Test
    void aClientThatLeavesDuringADownloadLeavesNothingOpen() throws Exception {
        String id = glance.createRaw(ME);
        // More than waits in the buffers of two sockets.
        byte[] large = new byte[32 << 20];
        assertThat(glance.upload(ME, id, large).statusCode()).isEqualTo(204);
        try (Socket socket = new Socket("127.0.0.1", glance.port())) {
            socket.getOutputStream()
                    .write(("GET /v2/images/" + id + "/file HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + ME + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readNBytes(1000)).hasSize(1000);
            assertThat(cheap.reading()).isEqualTo(1);
        }
        Eventually.happens("the data is let go", () -> cheap.reading() == 0);
    }

    @Test
    void theSiteTellsItsStores() throws Exception {
        assertThat(glance.json(glance.get(ME, "/v2/info/stores")).toString()).isEqualTo("""
                        {"stores":[{"id":"fast"},{"id":"cheap","default":"true"},\
                        {"id":"files","description":"Plain files"}]}""");
        JsonNode detail = glance.json(glance.get(ADMIN, "/v2/info/stores/detail"))
                .get("stores")
                .get(2);
        assertThat(detail.get("type").stringValue()).isEqualTo("file");
        assertThat(detail.get("weight").intValue()).isEqualTo(5);
        assertThat(detail.get("properties").get("data_dir").stringValue())
                .isEqualTo(folder.resolve("files").toString());
        assertThat(glance.get(ME, "/v2/info/stores/detail").statusCode()).isEqualTo(403);
        HttpResponse<String> created = glance.post(ME, "/v2/images", "{}");
        assertThat(created.headers().firstValue("OpenStack-image-store-ids")).hasValue("fast,cheap,files");
    }

    @Test
    void anUploadGoesWhereItIsToldTo() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(upload(id, "nowhere").statusCode()).isEqualTo(400);
        assertThat(glance.status(id)).isEqualTo("queued");
        assertThat(upload(id, "files").statusCode()).isEqualTo(204);
        assertThat(stores(id)).isEqualTo("files");
        String other = glance.createRaw(ME);
        assertThat(glance.upload(ME, other, DATA).statusCode()).isEqualTo(204);
        assertThat(stores(other)).isEqualTo("cheap");
        assertThat(cheap.keys()).hasSize(1);
        assertThat(fast.keys()).isEmpty();
    }

    @Test
    void theHeaviestStoreServesUntilItIsAway() throws Exception {
        String id = twice("cheap", fast, "fast");
        assertThat(stores(id)).isEqualTo("fast,cheap");
        assertThat(data(id).body()).isEqualTo("0123456789");
        assertThat(fast.opened()).isEqualTo(1);
        assertThat(cheap.opened()).isZero();
        fast.away(true);
        assertThat(data(id).body()).isEqualTo("0123456789");
        assertThat(glance.send(glance.request(ME, "/v2/images/" + id + "/file").header("Range", "bytes=3-5"))
                        .body())
                .isEqualTo("345");
        cheap.away(true);
        HttpResponse<String> away = data(id);
        assertThat(away.statusCode()).isEqualTo(503);
        assertThat(away.body()).contains("Remote server where the image is present is unavailable.");
        fast.away(false);
        assertThat(data(id).statusCode()).isEqualTo(200);
    }

    @Test
    void dataThatIsLostOrCutInOneStoreIsReadFromTheOther() throws Exception {
        String id = twice("cheap", fast, "fast");
        String key = fast.keys().getFirst();
        try (Sink sink = fast.create(key)) {
            sink.write(DATA, 0, 4);
            sink.commit();
        }
        assertThat(data(id).body()).isEqualTo("0123456789");
        fast.delete(key);
        assertThat(data(id).body()).isEqualTo("0123456789");
        cheap.delete(cheap.keys().getFirst());
        assertThat(data(id).statusCode()).isEqualTo(204);
    }

    @Test
    void aCopyIsRemovedFromOneStore() throws Exception {
        String id = twice("cheap", fast, "fast");
        assertThat(glance.delete(ME, "/v2/stores/fast/" + id).statusCode()).isEqualTo(403);
        assertThat(glance.delete("member@yours", "/v2/stores/fast/" + id).statusCode())
                .isIn(403, 404);
        assertThat(removeFrom("nowhere", id).statusCode()).isEqualTo(409);
        assertThat(removeFrom("files", id).statusCode()).isEqualTo(404);
        assertThat(removeFrom("fast", UUID.randomUUID().toString()).statusCode())
                .isEqualTo(404);
        assertThat(removeFrom("fast", glance.createRaw(ME)).statusCode()).isEqualTo(409);
        assertThat(stores(id)).isEqualTo("fast,cheap");

        assertThat(removeFrom("fast", id).statusCode()).isEqualTo(204);
        assertThat(stores(id)).isEqualTo("cheap");
        assertThat(fast.keys()).isEmpty();
        assertThat(data(id).body()).isEqualTo("0123456789");
        assertThat(removeFrom("cheap", id).statusCode()).isEqualTo(403);
        assertThat(removeFrom("fast", id).statusCode()).isEqualTo(403);
        assertThat(cheap.keys()).hasSize(1);
    }

    @Test
    void aCopyThatIsInUseStays() throws Exception {
        String id = twice("cheap", fast, "fast");
        fast.inUse(true);
        HttpResponse<String> refused = removeFrom("fast", id);
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("because it is in use");
        assertThat(stores(id)).isEqualTo("fast,cheap");
    }

    @Test
    void aCopyInAStoreThatIsAwayIsRemovedLater() throws Exception {
        String id = twice("cheap", fast, "fast");
        fast.away(true);
        assertThat(removeFrom("fast", id).statusCode()).isEqualTo(204);
        assertThat(stores(id)).isEqualTo("cheap");
        cleanUp();
        fast.away(false);
        assertThat(fast.keys()).hasSize(1);
        cleanUp();
        assertThat(fast.keys()).isEmpty();
    }

    @Test
    void aDeletedImageLeavesAllStores() throws Exception {
        String id = twice("cheap", fast, "fast");
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        glance.settle();
        assertThat(cheap.keys()).isEmpty();
        assertThat(fast.keys()).isEmpty();
    }

    @Test
    void aStoreThatIsFullOrAwayTakesNothing() throws Exception {
        String id = glance.createRaw(ME);
        cheap.room(5);
        HttpResponse<String> full = glance.upload(ME, id, DATA);
        assertThat(full.statusCode()).isEqualTo(413);
        assertThat(full.body()).contains("Image storage media is full");
        cheap.room(Long.MAX_VALUE);
        cheap.away(true);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(503);
        cheap.away(false);
        assertThat(cheap.keys()).isEmpty();
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
    }

    @Test
    void storesThatCannotBeAreRefusedAtTheStart() {
        for (String bad : List.of(
                "default_store = \"none\"",
                "[glance.store.a]\ndriver = \"tape\"",
                "[glance.store.a]\ndriver = \"file\"",
                "[glance.store.os_glance_staging_store]\ndriver = \"file\"\nfolder = \"/tmp\"",
                "[glance.store.\"a b\"]\ndriver = \"file\"\nfolder = \"/tmp\"")) {
            Assertions.assertThatThrownBy(() -> GlanceServer.settings(bad).apply(GlanceConfig.defaults(folder)))
                    .as(bad)
                    .isInstanceOf(InvalidSettings.class);
        }
    }

    @Test
    void storesAreConfiguredByName() {
        GlanceConfig config = GlanceServer.settings("""
                        default_store = "b"
                        [glance.store.a]
                        driver = "file"
                        folder = "/a"
                        weight = 3
                        [glance.store.b]
                        driver = "file"
                        folder = "/b"
                        description = "The other"
                        """).apply(GlanceConfig.defaults(folder));
        assertThat(config.store())
                .containsExactly(
                        Map.entry("a", new FileStoreConfig(null, 3, Path.of("/a"))),
                        Map.entry("b", new FileStoreConfig("The other", null, Path.of("/b"))));
    }
}
