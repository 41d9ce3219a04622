package io.nacre.keystone.fernet;

import io.nacre.keystone.keyfile.KeyFiles;
import io.nacre.keystone.keyfile.Reloaded;
import io.nacre.keystone.keyfile.RotatingKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of Fernet keys, laid out as the original's: files named by numbers, of which the highest is the primary
 * key that seals new tokens, 0 is staged to become the next primary, and all of them open tokens. Because a key is
 * staged before it seals, hosts that copy the directory from each other understand each other's tokens at every moment
 * of a rotation.
 */
public final class KeyRepository implements RotatingKeys {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRepository.class);
    private static final Pattern NUMBER = Pattern.compile("(0|[1-9][0-9]{0,8})");
    private static final String STAGED = "0";
    private static final String UNFINISHED = "0.tmp";

    private final Path directory;
    private final KeyFiles files;
    private final int maxActiveKeys;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Reloaded<List<Fernet.Key>> keys;

    /**
     * Makes the directory and its first two keys when there are none.
     *
     * @param maxActiveKeys how many keys a rotation leaves, the staged one included; at least 3 for tokens to survive a
     *     rotation
     */
    public KeyRepository(Path directory, int maxActiveKeys, RandomGenerator random, InstantSource clock) {
        this.directory = directory;
        this.files = new KeyFiles(directory);
        this.maxActiveKeys = RotatingKeys.kept(maxActiveKeys);
        this.random = random;
        this.clock = clock;
        files.locked(this::makeMissing);
        this.keys = new Reloaded<>(
                "Fernet keys in " + directory,
                this::load,
                () -> KeyFiles.fingerprint(files(directory).values()),
                clock);
    }

    /** The key that seals new tokens. */
    public Fernet.Key primary() {
        return all().getFirst();
    }

    /** Every key, the primary first. */
    public List<Fernet.Key> all() {
        return keys.get();
    }

    @Override
    public void rotate() {
        files.locked(this::promote);
        keys.refresh();
    }

    @Override
    public void rotateWhenOlder(Duration age) {
        files.lockedWhenOlder(directory.resolve(STAGED), age, clock, this::promote)
                .ifPresent(last -> LOG.info("Fernet keys in {} rotated, the last rotation was at {}", directory, last));
        keys.refresh();
    }

    private void promote() throws IOException {
        NavigableMap<Integer, Path> present = files(directory);
        int primary = present.isEmpty() ? 0 : present.lastKey();
        files.write(UNFINISHED, Fernet.Key.generate(random));
        files.rename(STAGED, Integer.toString(primary + 1));
        files.rename(UNFINISHED, STAGED);
        NavigableMap<Integer, Path> active = files(directory);
        active.remove(0);
        KeyFiles.keepLatest(active, maxActiveKeys - 1);
    }

    private void makeMissing() throws IOException {
        if (files(directory).isEmpty()) {
            files.write("1", Fernet.Key.generate(random));
            files.write(STAGED, Fernet.Key.generate(random));
            LOG.info("First Fernet keys made in {}", directory);
        } else if (Files.notExists(directory.resolve(STAGED))) {
            // A rotation was cut off between its two renames.
            files.write(STAGED, Fernet.Key.generate(random));
        }
    }

    /** The key files by their numbers. */
    static NavigableMap<Integer, Path> files(Path directory) {
        return KeyFiles.numbered(directory, NUMBER);
    }

    private List<Fernet.Key> load() {
        List<Fernet.Key> loaded = new ArrayList<>();
        for (Map.Entry<Integer, Path> entry : files(directory).descendingMap().entrySet()) {
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
}
