package io.nacre.glance.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.config.Bytes;
import io.nacre.config.Secret;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.glance.store.StoreDriverTest;
import io.nacre.glance.store.s3.S3StoreConfig.Addressing;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link S3Driver} against a service of another maker. */
class S3DriverTest extends StoreDriverTest {
    @TempDir
    Path folder;

    private S3Server server;
    private S3Server full;

    @AfterEach
    void stop() {
        server.close();
        if (full != null) {
            full.close();
        }
    }

    private static S3StoreConfig config(
            URI endpoint, String secret, @Nullable Boolean create, String prefix, @Nullable Integer parts) {
        return new S3StoreConfig(
                null,
                null,
                endpoint,
                null,
                S3Server.ACCESS,
                new Secret(secret),
                "images",
                prefix.isEmpty() ? null : prefix,
                create,
                null,
                null,
                Bytes.ofMiB(5),
                parts);
    }

    /** It sends one part at a time: what is still on its way when a test leaves it could not be told from its data. */
    private static StoreDriver at(URI endpoint, String prefix) {
        return at(endpoint, prefix, 1);
    }

    private static StoreDriver at(URI endpoint, String prefix, int parts) {
        return config(endpoint, S3Server.SECRET, true, prefix, parts).open();
    }

    /** In a bucket that is there. The service keeps notes of uploads in the bucket, which a prefix tells from objects. */
    private static StoreDriver made(URI endpoint) throws IOException {
        StoreDriver driver = at(endpoint, "images/");
        driver.create(UUID.randomUUID().toString()).close();
        return driver;
    }

    @Override
    protected StoreDriver empty() throws Exception {
        server = new S3Server(folder.resolve("objects"), Long.MAX_VALUE);
        return made(server.endpoint());
    }

    @Override
    protected StoreDriver again() {
        return at(server.endpoint(), "images/");
    }

    @Override
    protected StoreDriver unreachable() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return at(URI.create("http://127.0.0.1:" + socket.getLocalPort()), "");
        }
    }

    @Override
    protected StoreDriver small() throws Exception {
        full = new S3Server(folder.resolve("full"), 1 << 20);
        return made(full.endpoint());
    }

    private static void put(StoreDriver driver, String key) throws IOException {
        try (Sink sink = driver.create(key)) {
            sink.write(new byte[10], 0, 10);
            sink.commit();
        }
    }

    private byte[] sixParts() {
        byte[] data = new byte[26 << 20];
        new Random(5).nextBytes(data);
        return data;
    }

    @Test
    void severalPartsAreOnTheirWayAtATime() throws IOException {
        byte[] data = sixParts();
        Map<Integer, Integer> atOnce = new TreeMap<>();
        for (Integer parts : List.of(1, 4)) {
            StoreDriver driver = at(server.endpoint(), "images/", parts);
            assertThat(driver.properties()).containsEntry("s3_store_thread_pools", parts);
            String key = UUID.randomUUID().toString();
            server.slowDown();
            try (Sink sink = driver.create(key)) {
                sink.write(data, 0, data.length);
                sink.commit();
            }
            atOnce.put(parts, server.mostPartsAtOnce());
            try (InputStream in = store.open(key, 0)) {
                assertThat(in.readAllBytes()).isEqualTo(data);
            }
        }
        assertThat(atOnce).isEqualTo(Map.of(1, 1, 4, 4));
    }

    @Test
    void aPartThatFailsLeavesNothingOfTheOthers() throws IOException {
        byte[] data = sixParts();
        StoreDriver parallel = at(server.endpoint(), "images/", 4);
        server.slowDown();
        server.refusePart(2);
        assertThatThrownBy(() -> {
                    try (Sink sink = parallel.create(UUID.randomUUID().toString())) {
                        sink.write(data, 0, data.length);
                        sink.commit();
                    }
                })
                .isInstanceOf(StoreDriver.StoreFull.class);
        assertThat(store.keys()).isEmpty();
    }

    @Test
    void theBucketIsMadeOnlyWhenThatIsWanted() throws IOException {
        String key = UUID.randomUUID().toString();
        StoreDriver other = new S3StoreConfig(
                        null,
                        null,
                        server.endpoint(),
                        "eu-west-1",
                        S3Server.ACCESS,
                        new Secret(S3Server.SECRET),
                        "other",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null)
                .open();
        assertThatThrownBy(() -> put(other, key))
                .hasMessageContaining("There is no bucket at s3://127.0.0.1:")
                .isNotInstanceOf(StoreDriver.StoreFull.class);
        assertThatThrownBy(() -> other.size(key)).hasMessageContaining("There is no bucket");
        assertThatThrownBy(other::keys).hasMessageContaining("There is no bucket");
    }

    @Test
    void aBucketThatIsStillToBeMadeIsEmpty() throws Exception {
        try (S3Server fresh = new S3Server(folder.resolve("fresh"), Long.MAX_VALUE)) {
            assertThat(at(fresh.endpoint(), "").keys()).isEmpty();
        }
    }

    @Test
    void storesWithPrefixesOfTheirOwnShareABucket() throws IOException {
        String key = UUID.randomUUID().toString();
        StoreDriver one = at(server.endpoint(), "one/");
        StoreDriver two = at(server.endpoint(), "two/");
        put(one, key);
        assertThat(one.keys()).containsExactly(key);
        assertThat(two.keys()).isEmpty();
        assertThat(store.keys()).isEmpty();
        two.delete(key);
        assertThat(one.size(key)).isEqualTo(10);
        assertThat(one.url(key)).isEqualTo("s3://127.0.0.1:" + server.endpoint().getPort() + "/images/one/" + key);
    }

    private static StoreDriver at(URI endpoint, @Nullable Addressing addressing, @Nullable Path cacert) {
        return new S3StoreConfig(
                        null,
                        null,
                        endpoint,
                        null,
                        S3Server.ACCESS,
                        new Secret(S3Server.SECRET),
                        "images",
                        null,
                        true,
                        addressing,
                        cacert,
                        null,
                        null)
                .open();
    }

    @Test
    void theBucketMayStandInTheNameOfTheHost() throws Exception {
        String key = UUID.randomUUID().toString();
        try (S3Server other = new S3Server(folder.resolve("hosts"), Long.MAX_VALUE, true)) {
            StoreDriver hosts = at(other.endpointOfHosts(), Addressing.VIRTUAL, null);
            put(hosts, key);
            assertThat(hosts.size(key)).isEqualTo(10);
            assertThat(Files.exists(folder.resolve("hosts").resolve("images").resolve(key)))
                    .isTrue();
        }
    }

    @Test
    void onlyTheServiceThatItsCertificateSaysIsTrusted() throws IOException {
        String key = UUID.randomUUID().toString();
        StoreDriver trusting = at(server.secureEndpoint(), null, server.certificate());
        put(trusting, key);
        assertThat(trusting.size(key)).isEqualTo(10);
        assertThat(trusting.url(key)).startsWith("s3+https://127.0.0.1:");
        assertThatThrownBy(() -> at(server.secureEndpoint(), null, null).size(key))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be reached");
        assertThatThrownBy(() -> at(server.secureEndpoint(), null, folder.resolve("none.pem"))
                        .size(key))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aWrongSecretIsRefusedAndNeverShown() {
        S3StoreConfig wrong = config(server.endpoint(), "wrong-hunter3", false, "", null);
        assertThatThrownBy(() -> put(wrong.open(), UUID.randomUUID().toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("status 403")
                .satisfies(e -> {
                    StringWriter trace = new StringWriter();
                    e.printStackTrace(new PrintWriter(trace));
                    assertThat(trace.toString()).doesNotContain("hunter");
                });
        assertThat(wrong.toString()).doesNotContain("hunter");
    }
}
