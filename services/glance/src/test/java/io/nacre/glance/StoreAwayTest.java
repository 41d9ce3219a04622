package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.glance.store.FaultyStore;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.tasks.Reconciler;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * A store that goes away keeps no image waiting, and what it has of one is removed when it is back. The store holds data
 * of others, too: only what is known is removed from it.
 */
class StoreAwayTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";
    private static final byte[] DATA = "0123456789".getBytes(StandardCharsets.US_ASCII);
    private static final String OTHERS = UUID.randomUUID().toString();

    @TempDir
    Path folder;

    private final AtomicBoolean answerGetsLost = new AtomicBoolean();
    private FaultyStore far;
    private FaultyStore near;
    private Database database;
    private GlanceServer glance;

    @BeforeEach
    void start() throws Exception {
        far = new FaultyStore(folder.resolve("far"), null);
        near = new FaultyStore(folder.resolve("near"), null);
        try (Sink sink = far.create(OTHERS)) {
            sink.commit();
        }
        Map<String, StoreConfig> stores = new LinkedHashMap<>();
        stores.put("far", far);
        stores.put("near", near);
        database = GlanceServer.sqlite(folder);
        glance = new GlanceServer(folder, GlanceServer.stores(stores, "far"), database, Forgetful::new);
    }

    @AfterEach
    void stop() {
        glance.close();
        database.close();
    }

    /** Loses, when it is to, its answer to the commit that makes an image active. */
    private final class Forgetful implements Transactions {
        private final Transactions database;

        Forgetful(Transactions database) {
            this.database = database;
        }

        @Override
        public <T> T write(Function<Tx, T> body) {
            T answer = database.write(body);
            if (answerGetsLost.get() && rows("ACTIVE") > 0 && answerGetsLost.getAndSet(false)) {
                throw new IllegalStateException("the connection is lost");
            }
            return answer;
        }

        @Override
        public <T> T read(Function<Tx, T> body) {
            return database.read(body);
        }
    }

    private int rows(String status) {
        return database.read(tx ->
                Sql.in(tx).fetchCount(Sql.in(tx).select().from("glance_location where status = '" + status + "'")));
    }

    private HttpResponse<String> stage(String id) throws Exception {
        return glance.send(glance.request(ME, "/v2/images/" + id + "/stage")
                .header("Content-Type", GlanceServer.OCTETS)
                .PUT(BodyPublishers.ofByteArray(DATA)));
    }

    private void imports(String token, String id, String method, String stores) throws Exception {
        HttpResponse<String> response = glance.post(
                token,
                "/v2/images/" + id + "/import",
                "{\"method\": {\"name\": \"" + method + "\"}, \"stores\": [" + stores + "]}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(202);
        glance.settle();
    }

    private void isQueued(String id) throws Exception {
        JsonNode image = glance.show(ME, id);
        assertThat(image.get("status").stringValue()).isEqualTo("queued");
        assertThat(image.get("size").isNull()).isTrue();
        assertThat(rows("WRITING") + rows("IMPORTING") + rows("STAGED")).isZero();
    }

    private void cleanUp() {
        glance.glance.reconcilers().forEach(Reconciler::run);
    }

    /** Once it is back, and not before. */
    private void whatIsLeftGoesWithTheNextLook() throws Exception {
        cleanUp();
        assertThat(rows("DELETING")).isPositive();
        far.away(false);
        cleanUp();
        assertThat(far.keys()).containsExactly(OTHERS);
        assertThat(rows("DELETING")).isZero();
        assertThat(glance.files()).isEmpty();
    }

    @Test
    void anUploadIsGivenBackAtOnce() throws Exception {
        String id = glance.createRaw(ME);
        far.awayAfter(5);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(503);
        isQueued(id);
        assertThat(glance.send(glance.request(ME, "/v2/images/" + id + "/file")
                                .header("Content-Type", GlanceServer.OCTETS)
                                .header("X-Image-Meta-Store", "near")
                                .PUT(BodyPublishers.ofByteArray(DATA)))
                        .statusCode())
                .isEqualTo(204);
        whatIsLeftGoesWithTheNextLook();
        assertThat(near.keys()).hasSize(1);
    }

    @Test
    void anImportIsGivenBack() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(stage(id).statusCode()).isEqualTo(204);
        far.awayAfter(5);
        imports(ME, id, "glance-direct", "\"near\", \"far\"");
        isQueued(id);
        assertThat(glance.show(ME, id).get("os_glance_failed_import").stringValue())
                .isEqualTo("far");
        whatIsLeftGoesWithTheNextLook();
        assertThat(near.keys()).isEmpty();
    }

    @Test
    void aCopyIsGivenUp() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(stage(id).statusCode()).isEqualTo(204);
        imports(ME, id, "glance-direct", "\"near\"");
        far.awayAfter(5);
        imports(ADMIN, id, "copy-image", "\"far\"");
        JsonNode image = glance.show(ME, id);
        assertThat(image.get("status").stringValue()).isEqualTo("active");
        assertThat(image.get("stores").stringValue()).isEqualTo("near");
        assertThat(image.has("os_glance_import_task")).isFalse();
        whatIsLeftGoesWithTheNextLook();
    }

    @Test
    void aDeletedImageIsGoneAtOnce() throws Exception {
        String id = glance.createRaw(ME);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(204);
        far.away(true);
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        assertThat(glance.get(ME, "/v2/images/" + id).statusCode()).isEqualTo(404);
        whatIsLeftGoesWithTheNextLook();
        glance.settle();
    }

    @Test
    void dataOfAnImageThatIsDeletedMeanwhileIsNotForgotten() throws Exception {
        String id = glance.createRaw(ME);
        far.meanwhile(() -> {
            assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
            glance.settle();
            assertThat(rows("DELETING")).isZero();
            far.awayAfter(5);
        });
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(503);
        whatIsLeftGoesWithTheNextLook();
    }

    @Test
    void aStagingAreaThatIsAwayTakesNothing() throws Exception {
        String id = glance.createRaw(ME);
        Path staging = folder.resolve("images/staging");
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(staging, elsewhere);
        assertThat(stage(id).statusCode()).isEqualTo(503);
        isQueued(id);
        Files.move(elsewhere, staging);
        assertThat(stage(id).statusCode()).isEqualTo(204);
    }

    @Test
    void anImageIsNotTakenBackWhenOnlyTheAnswerOfTheDatabaseGotLost() throws Exception {
        String id = glance.createRaw(ME);
        answerGetsLost.set(true);
        assertThat(glance.upload(ME, id, DATA).statusCode()).isEqualTo(500);
        assertThat(answerGetsLost).isFalse();
        assertThat(glance.status(id)).isEqualTo("active");
        assertThat(glance.get(ME, "/v2/images/" + id + "/file").body()).isEqualTo("0123456789");
    }
}
