package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateTest {
    private static final long ME = ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    @Test
    void theOwnerIsKnownWhileItOwns() {
        assertThat(State.owner(directory)).isEmpty();
        try (State state = State.take(directory)) {
            assertThat(state.directory()).isEqualTo(directory);
            assertThat(State.owner(directory)).contains(ME);
        }
        assertThat(State.owner(directory)).isEmpty();
        assertThat(directory.resolve("pid")).doesNotExist();
    }

    @Test
    void aDirectoryThatCannotBeIsNamed() throws Exception {
        Path inside = Files.createFile(directory.resolve("file")).resolve("state");
        assertThatThrownBy(() -> State.take(inside))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("state directory " + inside + " cannot be made");
    }

    @Test
    void aSecondOwnerIsRefusedWithTheNumberOfTheFirst() {
        try (State state = State.take(directory)) {
            assertThatThrownBy(() -> State.take(state.directory()))
                    .isInstanceOf(FaultException.class)
                    .hasMessageContaining("already running on " + directory + " (process " + ME + ")");
        }
    }

    /** Whoever asks for the owner tries the lock; the one that wants to own must bear it. */
    @Test
    void aLookAtTheLockDoesNotRefuseTheOwner() throws Exception {
        try (FileChannel channel = lockFile()) {
            FileLock look = channel.lock();
            Thread gone = Thread.ofPlatform().start(() -> release(look));
            try (State state = State.take(directory)) {
                assertThat(State.owner(state.directory())).contains(ME);
            }
            gone.join();
        }
    }

    /** Between the lock and the number there is what the one before left, or nothing. */
    @Test
    void anOwnerWithoutANumberIsWaitedFor() throws Exception {
        try (FileChannel channel = lockFile()) {
            FileLock lock = channel.lock();
            Files.writeString(directory.resolve("pid"), Long.toString(Long.MAX_VALUE));
            Thread number = Thread.ofPlatform().start(() -> write(Long.toString(ME)));
            assertThat(State.owner(directory)).contains(ME);
            number.join();
            lock.release();
        }
        assertThat(State.owner(directory)).isEmpty();
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static void release(FileLock lock) {
        try {
            Thread.sleep(100);
            lock.release();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void write(String number) {
        try {
            Thread.sleep(100);
            Path draft = Files.writeString(directory.resolve("draft"), number);
            Files.move(draft, directory.resolve("pid"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatAKilledProcessUnpackedIsGone() throws IOException {
        String before = System.getProperty("org.sqlite.tmpdir");
        Files.createDirectories(directory.resolve("native"));
        Files.writeString(directory.resolve("native").resolve("libsqlite.so.lck"), "");
        try (State state = State.take(directory)) {
            state.unpackHere();
            assertThat(directory.resolve("native")).isEmptyDirectory();
            assertThat(System.getProperty("org.sqlite.tmpdir"))
                    .isEqualTo(directory.resolve("native").toString());
        } finally {
            if (before == null) {
                System.clearProperty("org.sqlite.tmpdir");
            } else {
                System.setProperty("org.sqlite.tmpdir", before);
            }
        }
    }
}
