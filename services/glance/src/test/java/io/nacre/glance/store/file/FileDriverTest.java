package io.nacre.glance.store.file;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.StoreDriverTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileDriverTest extends StoreDriverTest {
    @TempDir
    Path folder;

    @AfterEach
    void unmount() throws Exception {
        if (Files.exists(folder.resolve("small"))) {
            run("umount", folder.resolve("small").toString());
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        int status = new ProcessBuilder(command).inheritIO().start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + ": " + status);
        }
    }

    @Override
    protected StoreDriver empty() {
        return new FileDriver(folder.resolve("store"));
    }

    @Override
    protected StoreDriver again() {
        return empty();
    }

    @Override
    protected StoreDriver unreachable() throws IOException {
        StoreDriver driver = new FileDriver(folder.resolve("gone"));
        Files.delete(folder.resolve("gone"));
        return driver;
    }

    @Override
    protected StoreDriver small() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString());
        return new FileDriver(small);
    }

    @Test
    void aKeyLeadsNowhereElse() {
        assertThatThrownBy(() -> store.open("../../etc/passwd", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.create("")).isInstanceOf(IllegalArgumentException.class);
    }
}
