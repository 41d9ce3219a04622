package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.glance.store.FaultyStore;
import io.nacre.glance.store.StoreConfig;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A cache of a KiB before a store that is far away. */
class ImageCacheTest {
    private static final String ME = "member@mine";
    private static final String ADMIN = "admin@ops";

    @TempDir
    Path folder;

    private FaultyStore far;
    private GlanceServer glance;

    @BeforeEach
    void start() {
        far = new FaultyStore(folder.resolve("far"), null);
        Map<String, StoreConfig> stores = Map.of("far", far);
        glance = new GlanceServer(folder, GlanceServer.stores(stores, "far", folder.resolve("cache")));
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private String image(int size) throws Exception {
        String id = glance.createRaw(ME);
        assertThat(glance.upload(ME, id, bytes(size)).statusCode()).isEqualTo(204);
        return id;
    }

    private byte[] download(String id) throws Exception {
        return glance.bytes(glance.request(ME, "/v2/images/" + id + "/file")).body();
    }

    private JsonNode state() {
        try {
            return glance.json(glance.get(ADMIN, "/v2/cache"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> cached() {
        List<String> ids = new ArrayList<>();
        state().get("cached_images")
                .forEach(copy -> ids.add(copy.get("image_id").stringValue()));
        return ids;
    }

    private int enqueue(String id) throws Exception {
        return glance.send(glance.request(ADMIN, "/v2/cache/" + id).PUT(BodyPublishers.noBody()))
                .statusCode();
    }

    private void cleanUp() {
        glance.glance.reconcilers().forEach(Reconciler::run);
    }

    /** Clients look for v2.14 before they use it. */
    @Test
    void theVersionsTellWhetherThereIsACache() throws Exception {
        assertThat(glance.get(ME, "/versions").body()).contains("\"v2.14\"", "\"v2.16\"");
        try (GlanceServer without = new GlanceServer(folder.resolve("without"), config -> config)) {
            assertThat(without.get(ME, "/versions").body())
                    .contains("\"v2.15\"")
                    .doesNotContain("\"v2.14\"", "\"v2.16\"");
        }
    }

    @Test
    void whatWasDownloadedOnceIsNotFetchedAgain() throws Exception {
        String id = image(100);
        assertThat(download(id)).isEqualTo(bytes(100));
        Eventually.happens("the copy is there", () -> cached().equals(List.of(id)));
        far.away(true);
        HttpResponse<byte[]> again = glance.bytes(glance.request(ME, "/v2/images/" + id + "/file"));
        assertThat(again.body()).isEqualTo(bytes(100));
        assertThat(again.headers().firstValue("Content-MD5")).isPresent();
        assertThat(glance.bytes(glance.request(ME, "/v2/images/" + id + "/file").header("Range", "bytes=90-"))
                        .body())
                .hasSize(10);
        assertThat(far.opened()).isEqualTo(1);
        JsonNode copy = state().get("cached_images").get(0);
        assertThat(copy.get("hits").intValue()).isEqualTo(2);
        assertThat(copy.get("size").intValue()).isEqualTo(100);
        assertThat(copy.get("last_accessed").doubleValue()).isPositive();
        assertThat(copy.get("last_modified").doubleValue()).isPositive();
    }

    @Test
    void whoMayNotSeeAnImageGetsNothingOfItsCopy() throws Exception {
        String id = image(100);
        download(id);
        Eventually.happens("the copy is there", () -> cached().contains(id));
        assertThat(glance.get("member@yours", "/v2/images/" + id + "/file").statusCode())
                .isEqualTo(404);
    }

    @Test
    void partsAreNotKept() throws Exception {
        String id = image(100);
        assertThat(glance.bytes(glance.request(ME, "/v2/images/" + id + "/file").header("Range", "bytes=0-9"))
                        .body())
                .hasSize(10);
        assertThat(cached()).isEmpty();
        assertThat(Files.exists(folder.resolve("cache").resolve(id + ".part"))).isFalse();
    }

    @Test
    void dataThatIsNotWhatItWasIsNotKept() throws Exception {
        String id = image(100);
        try (Sink sink = far.create(far.keys().getFirst())) {
            sink.write(new byte[100], 0, 100);
            sink.commit();
        }
        download(id);
        assertThat(enqueue(id)).isEqualTo(202);
        cleanUp();
        assertThat(cached()).isEmpty();
        assertThat(state().get("queued_images").get(0).stringValue()).isEqualTo(id);
    }

    @Test
    void theLeastRecentlyUsedMakesRoom() throws Exception {
        String old = image(400);
        String used = image(401);
        for (String id : List.of(old, used)) {
            download(id);
            Eventually.happens("the copy is there", () -> cached().contains(id));
        }
        Path copies = folder.resolve("cache");
        Files.setLastModifiedTime(
                copies.resolve(old), FileTime.from(glance.clock.instant().minusSeconds(50)));
        Files.setLastModifiedTime(
                copies.resolve(used), FileTime.from(glance.clock.instant().minusSeconds(90)));
        download(used);
        String fresh = image(402);
        download(fresh);
        Eventually.happens("the copy is there", () -> cached().contains(fresh));
        assertThat(cached()).containsExactlyInAnyOrder(used, fresh);
        String large = image(2000);
        assertThat(download(large)).hasSize(2000);
        assertThat(cached()).containsExactlyInAnyOrder(used, fresh);
    }

    @Test
    void imagesAreFetchedAheadAlsoAfterTheStoreWasAway() throws Exception {
        String id = image(100);
        far.away(true);
        assertThat(enqueue(id)).isEqualTo(202);
        cleanUp();
        assertThat(state().get("queued_images").size()).isEqualTo(1);
        far.away(false);
        glance.close();
        glance = new GlanceServer(folder, GlanceServer.stores(Map.of("far", far), "far", folder.resolve("cache")));
        cleanUp();
        assertThat(cached()).containsExactly(id);
        assertThat(state().get("queued_images").isEmpty()).isTrue();
        assertThat(enqueue(id)).isEqualTo(202);
        assertThat(state().get("queued_images").isEmpty()).isTrue();
    }

    @Test
    void anImageIsFetchedSoonAfterItIsAskedFor() throws Exception {
        String id = image(100);
        assertThat(enqueue(id)).isEqualTo(202);
        Eventually.happens("the copy is there", () -> cached().contains(id));
        Eventually.happens("nobody waits", () -> state().get("queued_images").isEmpty());
    }

    @Test
    void imagesThatDoNotFitAreNotTriedForEver() throws Exception {
        String id = image(2000);
        assertThat(enqueue(id)).isEqualTo(202);
        cleanUp();
        assertThat(state().get("queued_images").isEmpty()).isTrue();
        assertThat(cached()).isEmpty();
    }

    @Test
    void copiesLeaveWithTheirImages() throws Exception {
        String id = image(100);
        download(id);
        Eventually.happens("the copy is there", () -> cached().contains(id));
        assertThat(glance.delete(ME, "/v2/images/" + id).statusCode()).isEqualTo(204);
        assertThat(cached()).isEmpty();
        Path copies = folder.resolve("cache");
        String elsewhere = UUID.randomUUID().toString();
        Files.write(copies.resolve(elsewhere), bytes(10));
        Path stalled = Files.write(copies.resolve(UUID.randomUUID() + ".part"), bytes(10));
        cleanUp();
        assertThat(cached()).isEmpty();
        assertThat(stalled).exists();
        glance.clock.advance(Duration.ofHours(2));
        cleanUp();
        assertThat(stalled).doesNotExist();
    }

    @Test
    void copiesAreRemovedOnDemand() throws Exception {
        String one = image(100);
        String two = image(101);
        download(one);
        download(two);
        Eventually.happens("the copies are there", () -> cached().size() == 2);
        assertThat(glance.delete(ADMIN, "/v2/cache/" + one).statusCode()).isEqualTo(204);
        assertThat(cached()).containsExactly(two);
        assertThat(glance.delete(ADMIN, "/v2/cache/" + one).statusCode()).isEqualTo(204);
        far.away(true);
        assertThat(enqueue(one)).isEqualTo(202);
        assertThat(clear("nonsense")).isEqualTo(400);
        assertThat(clear("queue")).isEqualTo(204);
        assertThat(state().get("queued_images").isEmpty()).isTrue();
        assertThat(cached()).containsExactly(two);
        assertThat(enqueue(one)).isEqualTo(202);
        assertThat(clear("cache")).isEqualTo(204);
        assertThat(state().get("queued_images").size()).isEqualTo(1);
        assertThat(cached()).isEmpty();
        assertThat(clear("")).isEqualTo(204);
        assertThat(state().get("queued_images").isEmpty()).isTrue();
    }

    private int clear(String target) throws Exception {
        return glance.send(glance.request(ADMIN, "/v2/cache")
                        .header("x-image-cache-clear-target", target)
                        .DELETE())
                .statusCode();
    }

    @Test
    void onlyAdministratorsAndOnlyActiveImages() throws Exception {
        String id = image(100);
        String none = UUID.randomUUID().toString();
        assertThat(glance.get(ME, "/v2/cache").statusCode()).isEqualTo(403);
        assertThat(glance.delete(ME, "/v2/cache").statusCode()).isEqualTo(403);
        assertThat(glance.delete(ME, "/v2/cache/" + id).statusCode()).isEqualTo(403);
        assertThat(glance.send(glance.request(ME, "/v2/cache/" + id).PUT(BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(403);
        assertThat(enqueue(none)).isEqualTo(404);
        assertThat(glance.delete(ADMIN, "/v2/cache/" + none).statusCode()).isEqualTo(404);
        assertThat(enqueue(glance.createRaw(ME))).isEqualTo(400);
    }

    @Test
    void withoutAFolderThereIsNoCache() throws Exception {
        String id = image(100);
        glance.close();
        glance = new GlanceServer(folder, GlanceServer.stores(Map.of("far", far), "far"));
        assertThat(download(id)).isEqualTo(bytes(100));
        HttpResponse<String> refused = glance.get(ADMIN, "/v2/cache");
        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("Caching via API is not supported at this site.");
        assertThat(glance.delete(ADMIN, "/v2/cache").statusCode()).isEqualTo(404);
        assertThat(glance.delete(ADMIN, "/v2/cache/" + id).statusCode()).isEqualTo(404);
        assertThat(enqueue(id)).isEqualTo(404);
        assertThat(glance.get(ME, "/v2/cache").statusCode()).isEqualTo(403);
        cleanUp();
    }
}
