package io.nacre.glance.cache;

import io.nacre.config.Bytes;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.file.FileDriver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies of images' data by the image's id, and the images that wait to be fetched.
 *
 * <p>Of each copy a file in {@code hits} tells its use: as many bytes as there were hits, changed at the last one. A file
 * in {@code queue} is an image that waits.
 */
public final class ImageCache {
    private final FileDriver copies;
    private final Path folder;
    private final Path hits;
    private final Path queue;
    private final long most;
    private final InstantSource clock;
    /** Copies that are being written, with the room that they will take. */
    private final Map<String, Long> arriving = new ConcurrentHashMap<>();

    /** Null when there is to be none. */
    public static @Nullable ImageCache open(CacheConfig config, InstantSource clock) {
        try {
            return config.folder() == null ? null : new ImageCache(config.folder(), config.maxSize(), clock);
        } catch (IOException e) {
            throw new UncheckedIOException("The image cache cannot be created: " + config.folder(), e);
        }
    }

    private ImageCache(Path folder, Bytes most, InstantSource clock) throws IOException {
        this.copies = new FileDriver(folder);
        this.folder = folder;
        this.hits = Files.createDirectories(folder.resolve("hits"));
        this.queue = Files.createDirectories(folder.resolve("queue"));
        this.most = most.count();
        this.clock = clock;
    }

    /**
     * A copy and its use.
     *
     * @param lastAccessed the epoch when it was never used
     */
    public record Copy(String imageId, long size, long hits, Instant lastAccessed, Instant lastModified) {
        Instant lastUsed() {
            return lastAccessed.isAfter(lastModified) ? lastAccessed : lastModified;
        }
    }

    /** Every complete copy, by image. */
    public List<Copy> copies() throws IOException {
        List<Copy> found = new ArrayList<>();
        for (String id : copies.keys()) {
            copy(id).ifPresent(found::add);
        }
        found.sort(Comparator.comparing(Copy::imageId));
        return found;
    }

    private Optional<Copy> copy(String id) throws IOException {
        try {
            BasicFileAttributes data = Files.readAttributes(folder.resolve(id), BasicFileAttributes.class);
            Path use = hits.resolve(id);
            boolean used = Files.exists(use);
            return Optional.of(new Copy(
                    id,
                    data.size(),
                    used ? Files.size(use) : 0,
                    used ? Files.getLastModifiedTime(use).toInstant() : Instant.EPOCH,
                    data.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    public boolean has(String imageId, long size) throws IOException {
        try {
            return copies.size(imageId) == size;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** @throws NoSuchFileException when there is no copy */
    public InputStream open(String imageId, long offset) throws IOException {
        InputStream in = copies.open(imageId, offset);
        Files.write(hits.resolve(imageId), new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        Files.setLastModifiedTime(hits.resolve(imageId), FileTime.from(clock.instant()));
        return in;
    }

    /** Whether a copy can be kept: of what fits, and can be told from other data. */
    boolean canKeep(Image image, long size) {
        return size <= most && CachingStream.canTell(image);
    }

    /** The same data, of which a copy stays when all of it is read. Others leave to make room for it. */
    public InputStream keeping(InputStream in, Image image, long size) throws IOException {
        if (!canKeep(image, size) || has(image.id(), size) || arriving.putIfAbsent(image.id(), size) != null) {
            return in;
        }
        try {
            prune();
            return new CachingStream(
                    in, image, size, copies.create(image.id(), size), () -> arriving.remove(image.id()));
        } catch (IOException e) {
            arriving.remove(image.id());
            throw e;
        }
    }

    /** Removes what was not used for the longest time, until what is here and what arrives fit. */
    private synchronized void prune() throws IOException {
        List<Copy> oldest = new ArrayList<>(copies());
        oldest.sort(Comparator.comparing(Copy::lastUsed));
        long total = oldest.stream().mapToLong(Copy::size).sum()
                + arriving.values().stream().mapToLong(Long::longValue).sum();
        for (Copy copy : oldest) {
            if (total <= most) {
                return;
            }
            remove(copy.imageId());
            total -= copy.size();
        }
    }

    /** Removes what is beyond the limit, and copies that were begun before and are not complete yet. */
    void clean(Instant begunBefore) throws IOException {
        prune();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".part")).toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(begunBefore)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    public void remove(String imageId) throws IOException {
        copies.delete(imageId);
        Files.deleteIfExists(hits.resolve(imageId));
    }

    /** Lets an image wait until it is fetched. */
    public void enqueue(String imageId) throws IOException {
        Path waiting = queue.resolve(imageId);
        if (!Files.exists(waiting)) {
            Files.write(waiting, new byte[0], StandardOpenOption.CREATE);
        }
    }

    /** Those who wait, who came first first. */
    public List<String> queued() throws IOException {
        record Waiting(String id, FileTime since) {}
        List<Waiting> waiting = new ArrayList<>();
        try (Stream<Path> files = Files.list(queue)) {
            for (Path file : files.toList()) {
                waiting.add(new Waiting(file.getFileName().toString(), Files.getLastModifiedTime(file)));
            }
        }
        return waiting.stream()
                .sorted(Comparator.comparing(Waiting::since).thenComparing(Waiting::id))
                .map(Waiting::id)
                .toList();
    }

    public void dequeue(String imageId) throws IOException {
        Files.deleteIfExists(queue.resolve(imageId));
    }
}
