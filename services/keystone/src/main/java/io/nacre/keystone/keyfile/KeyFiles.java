package io.nacre.keystone.keyfile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory that only its owner reads; whoever changes it holds its lock. */
public final class KeyFiles {
    private static final String LOCK = ".lock";

    private final Path directory;

    /** A change to the files. */
    public interface Action {
        void run() throws IOException;
    }

    /** Makes the directory, and those above it, when it is not there. */
    public KeyFiles(Path directory) {
        this.directory = directory;
        try {
            if (Files.notExists(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the key repository " + directory + " cannot be made", e);
        }
    }

    public Path resolve(String name) {
        return directory.resolve(name);
    }

    /** Several controllers may share the directory. */
    public void locked(Action action) {
        try (FileChannel channel =
                        FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid()) {
                action.run();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the key repository " + directory + " cannot be changed", e);
        }
    }

    /**
     * Changes the files when one of them is that old, once for all who share them.
     *
     * @return when it was written, when there was a change
     */
    public Optional<Instant> lockedWhenOlder(Path file, Duration age, InstantSource clock, Action action) {
        AtomicReference<@Nullable Instant> changed = new AtomicReference<>();
        locked(() -> {
            Instant written = Files.getLastModifiedTime(file).toInstant();
            if (!written.plus(age).isAfter(clock.instant())) {
                action.run();
                changed.set(written);
            }
        });
        return Optional.ofNullable(changed.get());
    }

    /** Whole or not at all, and for its owner alone. */
    public void write(String name, String content) throws IOException {
        Path fresh = directory.resolve("." + name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(content));
            channel.force(true);
        }
        Files.move(fresh, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** @param to takes the place of a file of that name */
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * The files that are named by a number, by that number.
     *
     * @param name whose only group is the number
     */
    public static NavigableMap<Integer, Path> numbered(Path directory, Pattern name) {
        NavigableMap<Integer, Path> files = new TreeMap<>();
        for (Path file : list(directory)) {
            Matcher matcher = name.matcher(file.getFileName().toString());
            if (matcher.matches()) {
                files.put(Integer.valueOf(matcher.group(1)), file);
            }
        }
        return files;
    }

    /** Removes those with the lowest numbers, down to so many. */
    public static void keepLatest(NavigableMap<Integer, Path> numbered, int most) throws IOException {
        while (numbered.size() > most) {
            Files.delete(numbered.pollFirstEntry().getValue());
        }
    }

    /** The files that are no lock and not being written, in the order of their names. */
    public static List<Path> list(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the key repository " + directory + " cannot be read", e);
        }
    }

    /** Changes whenever one of the files comes, goes or is written. */
    public static String fingerprint(Collection<Path> files) {
        StringBuilder text = new StringBuilder();
        for (Path file : files) {
            try {
                text.append(file.getFileName())
                        .append('@')
                        .append(Files.getLastModifiedTime(file))
                        .append(';');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }
}
