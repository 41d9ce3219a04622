package io.nacre.launcher;

import io.nacre.base.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds all a cloud keeps on this machine. One running program owns it: the lock goes with the
 * process, whichever way it ends.
 */
final class State implements AutoCloseable {
    /** How long somebody may have the lock without being the owner, or be the owner without a number. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Path directory;
    private final FileChannel channel;

    private State(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Makes the directory if it is not there. */
    static void make(Path directory) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        } catch (IOException e) {
            throw Fault.invalid("The state directory " + directory + " cannot be made: " + e)
                    .because(e);
        }
    }

    /** Takes the directory; faults with CONFLICT that names the owner when somebody has it. */
    static State take(Path directory) {
        make(directory);
        try {
            FileChannel channel =
                    FileChannel.open(lockFile(directory), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            // Who only looks whether there is an owner holds the lock for a moment, too.
            Instant limit = Instant.now().plus(MOMENT);
            while (tryLock(channel) == null) {
                if (Instant.now().isAfter(limit)) {
                    channel.close();
                    throw Fault.conflict("Nacre is already running on " + directory
                            + pid(directory)
                                    .map(pid -> " (process " + pid + ")")
                                    .orElse("") + ".");
                }
                pause();
            }
            // Killed, the last owner took nothing back. Where there is our number, what is said to be ready is ours.
            Files.deleteIfExists(readyFile(directory));
            Path draft = directory.resolve("pid.new");
            Files.writeString(draft, Long.toString(ProcessHandle.current().pid()));
            Files.move(draft, pidFile(directory), StandardCopyOption.ATOMIC_MOVE);
            return new State(directory, channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + directory + " as state directory", e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Where SQLite's library unpacks itself at every start; emptied first, as a process that is killed leaves its own. */
    void unpackHere() throws IOException {
        Path folder = Files.createDirectories(file("native"));
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(folder)) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
        System.setProperty("org.sqlite.tmpdir", folder.toString());
    }

    /** Says to whoever waits for it that everything answers. */
    void ready(String welcome) throws IOException {
        Path draft = file("ready.new");
        Files.writeString(draft, welcome);
        Files.move(draft, readyFile(directory), StandardCopyOption.ATOMIC_MOVE);
    }

    /** What the given process said when it was ready; empty before that. */
    static Optional<String> welcome(Path directory, long pid) throws IOException {
        try {
            boolean owns = Files.readString(pidFile(directory)).strip().equals(Long.toString(pid));
            return owns ? Optional.of(Files.readString(readyFile(directory))) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * The process that owns the directory now, if one does. An owner writes its number when it has the lock; what
     * stands there before is of one that was killed.
     */
    static Optional<Long> owner(Path directory) {
        try (FileChannel channel = FileChannel.open(lockFile(directory), StandardOpenOption.WRITE)) {
            Instant limit = Instant.now().plus(MOMENT);
            while (true) {
                FileLock lock = tryLock(channel);
                if (lock != null) {
                    lock.close();
                    return Optional.empty();
                }
                Optional<Long> pid = pid(directory);
                if (pid.flatMap(ProcessHandle::of).isPresent()) {
                    return pid;
                }
                if (Instant.now().isAfter(limit)) {
                    throw Fault.conflict(directory + " is in use by a process that has not said its number.");
                }
                pause();
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Long> pid(Path directory) throws IOException {
        try {
            return Optional.of(Long.valueOf(Files.readString(pidFile(directory)).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Fault.unavailable("Interrupted.").because(e);
        }
    }

    private static Path lockFile(Path directory) {
        return directory.resolve("lock");
    }

    private static Path pidFile(Path directory) {
        return directory.resolve("pid");
    }

    private static Path readyFile(Path directory) {
        return directory.resolve("ready");
    }

    Path directory() {
        return directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes a whole file that only its owner may read, or nothing. */
    static void writePrivate(Path file, String text) throws IOException {
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, text);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(pidFile(directory));
            Files.deleteIfExists(readyFile(directory));
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
