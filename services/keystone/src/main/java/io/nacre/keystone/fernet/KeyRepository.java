package io.nacre.keystone.fernet;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of Fernet keys, laid out as the original's: files named by numbers, of which the highest is the primary
 * key that seals new tokens, 0 is staged to become the next primary, and all of them open tokens. Because a key is
 * staged before it seals, hosts that copy the directory from each other understand each other's tokens at every moment
 * of a rotation. The directory is looked at again at most every five seconds.
 */
public final class KeyRepository {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRepository.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");
    private static final String STAGED = "0";
    private static final String UNFINISHED = "0.tmp";
    private static final String LOCK = ".lock";

    private final Path directory;
    private final int maxActiveKeys;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile List<Fernet.Key> keys;
    private volatile String seen;
    private volatile Instant lookAgain;

    /**
     * Makes the directory and its first two keys when there are none.
     *
     * @param maxActiveKeys how many keys a rotation leaves, the staged one included; at least 3 for tokens to survive a
     *     rotation
     */
    public KeyRepository(Path directory, int maxActiveKeys, RandomGenerator random, InstantSource clock) {
        if (maxActiveKeys < 2) {
            throw new IllegalArgumentException("max_active_keys must be at least 2: one in use and one staged");
        }
        this.directory = directory;
        this.maxActiveKeys = maxActiveKeys;
        this.random = random;
        this.clock = clock;
        initialize();
        this.seen = fingerprint();
        this.keys = load();
        this.lookAgain = clock.instant().plus(LOOK_AGAIN);
    }

    /** The key that seals new tokens. */
    public Fernet.Key primary() {
        return all().getFirst();
    }

    /** Every key, the primary first. */
    public List<Fernet.Key> all() {
        if (clock.instant().isAfter(lookAgain) && reading.tryLock()) {
            try {
                lookAgain = clock.instant().plus(LOOK_AGAIN);
                refresh();
            } finally {
                reading.unlock();
            }
        }
        return keys;
    }

    private void refresh() {
        try {
            String now = fingerprint();
            if (!now.equals(seen)) {
                keys = load();
                seen = now;
                LOG.info("Fernet keys read again from {}", directory);
            }
        } catch (IllegalStateException | UncheckedIOException e) {
            LOG.error("Fernet keys in {} were not read again, those before stay in use: {}", directory, e.getMessage());
        }
    }

    /** Makes the staged key the primary one, stages a new one, and removes the oldest beyond the limit. */
    public void rotate() {
        locked(() -> {
            NavigableMap<Integer, Path> files = files();
            int primary = files.isEmpty() ? 0 : files.lastKey();
            Path staged = directory.resolve(STAGED);
            write(UNFINISHED);
            Path promoted = directory.resolve(Integer.toString(primary + 1));
            Files.move(staged, promoted, StandardCopyOption.ATOMIC_MOVE);
            Files.move(directory.resolve(UNFINISHED), staged, StandardCopyOption.ATOMIC_MOVE);
            NavigableMap<Integer, Path> active = files();
            active.remove(0);
            while (active.size() > maxActiveKeys - 1) {
                Files.delete(active.pollFirstEntry().getValue());
            }
        });
        reading.lock();
        try {
            refresh();
        } finally {
            reading.unlock();
        }
    }

    private void initialize() {
        try {
            if (Files.notExists(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the key repository " + directory + " cannot be made", e);
        }
        locked(() -> {
            if (files().isEmpty()) {
                write("1");
                write(STAGED);
                LOG.info("First Fernet keys made in {}", directory);
            } else if (Files.notExists(directory.resolve(STAGED))) {
                // A rotation was cut off between its two renames.
                write(STAGED);
            }
        });
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Several controllers may share the directory. */
    private void locked(Action action) {
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

    private void write(String name) throws IOException {
        Path file = directory.resolve(name);
        Path fresh = directory.resolve("." + name + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(Fernet.Key.generate(random)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private NavigableMap<Integer, Path> files() {
        NavigableMap<Integer, Path> files = new TreeMap<>();
        try (Stream<Path> entries = Files.list(directory)) {
            entries.filter(Files::isRegularFile).forEach(file -> {
                String name = file.getFileName().toString();
                if (NUMBER.matcher(name).matches()) {
                    files.put(Integer.valueOf(name), file);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the key repository " + directory + " cannot be read", e);
        }
        return files;
    }

    private List<Fernet.Key> load() {
        List<Fernet.Key> loaded = new ArrayList<>();
        for (Map.Entry<Integer, Path> entry : files().descendingMap().entrySet()) {
            try {
                String text = Files.readString(entry.getValue());
                if (text.isBlank()) {
                    LOG.warn("The key file {} is empty and not used", entry.getValue());
                } else {
                    loaded.add(Fernet.Key.of(text));
                }
            } catch (IOException | IllegalArgumentException e) {
                throw new IllegalStateException(entry.getValue() + ": " + e.getMessage(), e);
            }
        }
        if (loaded.isEmpty()) {
            throw new IllegalStateException("the key repository " + directory + " holds no keys");
        }
        return List.copyOf(loaded);
    }

    /** Changes whenever a key file comes, goes or is written. */
    private String fingerprint() {
        StringBuilder text = new StringBuilder();
        files().forEach((number, file) -> {
            try {
                text.append(number)
                        .append('@')
                        .append(Files.getLastModifiedTime(file))
                        .append(';');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return text.toString();
    }
}
