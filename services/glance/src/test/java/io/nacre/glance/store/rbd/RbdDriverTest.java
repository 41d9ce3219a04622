package io.nacre.glance.store.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.config.Bytes;
import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.glance.store.StoreDriver.StoreFull;
import io.nacre.glance.store.StoreDriver.StoreInUse;
import io.nacre.glance.store.StoreDriverTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link RbdDriver} against a real cluster, which checks/ceph/run makes; its ceph.conf is told by {@code nacre.ceph}. */
@Tag("ceph")
class RbdDriverTest extends StoreDriverTest {
    private static final String CONF = Objects.requireNonNull(
            System.getProperty("nacre.ceph", System.getenv("NACRE_CEPH_CONF")), "checks/ceph/run starts this test");

    @TempDir
    Path folder;

    private static StoreDriver at(Path conf, String pool, boolean thin, Duration timeout) {
        return new RbdStoreConfig(null, null, pool, null, conf, Bytes.ofMiB(4), thin, timeout).open();
    }

    @Override
    protected StoreDriver again() {
        return at(Path.of(CONF), "images", false, Duration.ofSeconds(20));
    }

    @Override
    protected StoreDriver empty() throws IOException {
        StoreDriver driver = again();
        for (String key : driver.keys()) {
            driver.delete(key);
        }
        return driver;
    }

    @Override
    protected StoreDriver unreachable() throws IOException {
        String conf = Files.readString(Path.of(CONF)).replaceAll("mon_host = .*", "mon_host = 127.0.0.1:1");
        return at(Files.writeString(folder.resolve("ceph.conf"), conf), "images", false, Duration.ofSeconds(2));
    }

    @Override
    protected StoreDriver small() {
        throw new UnsupportedOperationException("a pool is found full a while after it is");
    }

    private static String run(String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of("timeout", "60"));
        words.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("CEPH_CONF", CONF);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }

    private static String put(StoreDriver driver, byte[] data) throws IOException {
        String key = UUID.randomUUID().toString();
        try (Sink sink = driver.create(key, data.length)) {
            sink.write(data, 0, data.length);
            sink.commit();
        }
        return key;
    }

    @Override
    @Test
    protected void aFullStoreSaysSoAndKeepsNothing() throws Exception {
        String old = put(store, new byte[2 << 20]);
        run("ceph", "osd", "pool", "set-quota", "images", "max_bytes", "1048576");
        try {
            for (int i = 0;
                    i < 100 && !run("ceph", "osd", "pool", "ls", "detail").contains("full_quota");
                    i++) {
                Thread.sleep(500);
            }
            assertThatThrownBy(() -> put(store, new byte[8 << 20])).isInstanceOf(StoreFull.class);
            assertThat(store.keys()).containsExactly(old);
            store.delete(old);
            assertThat(store.keys()).isEmpty();
        } finally {
            run("ceph", "osd", "pool", "set-quota", "images", "max_bytes", "0");
        }
        for (int i = 0; i < 100 && run("ceph", "osd", "pool", "ls", "detail").contains("full_quota"); i++) {
            Thread.sleep(500);
        }
        assertThat(store.size(put(store, new byte[1000]))).isEqualTo(1000);
    }

    @Test
    void cephFindsASnapshotThatCanBeCloned() throws Exception {
        String key = put(store, new byte[5_000_000]);
        assertThat(store.url(key)).matches("rbd://[0-9a-f-]{36}/images/" + key + "/snap");
        assertThat(run("rbd", "snap", "ls", "images/" + key)).contains("snap").contains("yes");
        assertThat(run("rbd", "info", "images/" + key)).contains("order 22");
        run("rbd", "--rbd-default-clone-format", "1", "clone", "images/" + key + "@snap", "images/volume");
        assertThatThrownBy(() -> store.delete(key)).isInstanceOf(StoreInUse.class);
        assertThat(store.size(key)).isEqualTo(5_000_000);
        run("rbd", "rm", "--no-progress", "images/volume");
        store.delete(key);
        assertThat(run("rbd", "ls", "images")).doesNotContain(key);
    }

    @Test
    void anImageWithSnapshotsOfOthersGoesToTheTrash() throws Exception {
        String key = put(store, new byte[100]);
        run("rbd", "snap", "create", "--no-progress", "images/" + key + "@theirs");
        store.delete(key);
        assertThat(store.keys()).isEmpty();
        assertThat(run("rbd", "trash", "ls", "images")).contains(key);
    }

    @Test
    void zerosAreLeftOut() throws Exception {
        StoreDriver thin = at(Path.of(CONF), "images", true, Duration.ofSeconds(20));
        byte[] data = new byte[20 << 20];
        data[data.length - 1] = 1;
        String key = put(thin, data);
        assertThat(thin.size(key)).isEqualTo(data.length);
        try (var in = thin.open(key, 0)) {
            assertThat(in.readAllBytes()).isEqualTo(data);
        }
        assertThat(run("rbd", "du", "--format", "json", "images/" + key + "@snap"))
                .contains("\"used_size\":4194304");
    }

    @Test
    void aPoolOrKeyThatIsNotThereIsNoMissingData() throws Exception {
        String key = UUID.randomUUID().toString();
        assertThatThrownBy(() -> at(Path.of(CONF), "nowhere", false, Duration.ofSeconds(20))
                        .size(key))
                .hasMessageContaining("The RBD store in pool nowhere cannot open its pool")
                .isNotInstanceOf(java.nio.file.NoSuchFileException.class);
        assertThatThrownBy(() -> new RbdStoreConfig(
                                null, null, null, "nobody", Path.of(CONF), null, null, Duration.ofSeconds(5))
                        .open()
                        .size(key))
                .hasMessageContaining("cannot be reached");
    }
}
