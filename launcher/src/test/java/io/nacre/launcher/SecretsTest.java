package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path directory;

    @Test
    void aSecretIsMadeOnceAndIsTheOwnersAlone() throws IOException {
        Secrets secrets = Secrets.of(directory);
        String secret = secrets.get(Secrets.ADMIN);
        assertThat(secret).hasSize(24).isEqualTo(secrets.get(Secrets.ADMIN));
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(directory.resolve("secrets/admin-password"))))
                .isEqualTo("rw-------");
    }

    @Test
    void controllersThatStartAtTheSameTimeGetTheSame() throws Exception {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Boolean> start = () -> seen.add(Secrets.of(directory).get("shared"));
            List<Future<Boolean>> all =
                    threads.invokeAll(Stream.generate(() -> start).limit(20).toList());
            for (Future<Boolean> one : all) {
                one.get();
            }
        }
        assertThat(seen).hasSize(1);
        try (Stream<Path> files = Files.list(directory.resolve("secrets"))) {
            assertThat(files).hasSize(1);
        }
    }
}
