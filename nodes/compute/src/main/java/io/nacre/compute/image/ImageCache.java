package io.nacre.compute.image;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.DiskFull;
import io.nacre.contracts.node.ComputeNode.ImageSource;
import io.nacre.diskimage.Inspector;
import io.nacre.diskimage.UnsafeImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Images of this host, one read-only file each, named by the image's id. A file under that name is complete: it came
 * there by a rename after length and checksum were right, so a restart has nothing to check again. Its modification
 * time says when it was last used.
 */
public final class ImageCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImageCache.class);
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    private static final Set<String> FORMATS = Set.of("raw", "qcow2", "iso");
    /** What QEMU can address of a disk, far beyond any real one. */
    private static final long LARGEST = 1L << 50;

    private static final String PART = ".part";

    private final Path directory;
    private final ComputeConfig.Images limits;
    private final InstantSource clock;
    private final Downloads downloads;
    private final Map<String, Integer> pins = new HashMap<>();
    private final Map<String, Download> running = new HashMap<>();

    public ImageCache(Path directory, ComputeConfig.Images limits, InstantSource clock) {
        this.directory = directory;
        this.limits = limits;
        this.clock = clock;
        this.downloads = new Downloads(limits.stall(), limits.timeout());
        try {
            Files.createDirectories(directory);
            for (Path file : list()) {
                if (file.toString().endsWith(PART)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw DiskFull.fault("its image directory", e);
        }
    }

    /**
     * The image, from here or from its source; who asks for one that is being fetched already waits with the other.
     *
     * @param abandoned asked now and then while waiting; true ends the wait, not the download
     * @throws FaultException INVALID for an image that must not be used, UNAVAILABLE when it could not be had now
     */
    public CachedImage fetch(ImageSource source, BooleanSupplier abandoned) {
        String id = source.imageId();
        if (!ID.matcher(id).matches()) {
            throw Fault.invalid("Not an image id.");
        }
        if (!FORMATS.contains(source.diskFormat())) {
            throw unacceptable(id, "its format " + source.diskFormat() + " is not supported here");
        }
        if (source.size() > limits.largest().count()) {
            throw unacceptable(id, "it is larger than " + limits.largest());
        }
        Path file = directory.resolve(id);
        Download download = null;
        synchronized (this) {
            pins.merge(id, 1, Integer::sum);
            if (!Files.exists(file)) {
                download = running.computeIfAbsent(id, key -> start(source, file));
            }
        }
        try {
            if (download != null) {
                await(download, abandoned);
            }
            Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
            return new CachedImage(id, file, source.diskFormat(), virtualBytes(source, file), () -> release(id));
        } catch (IOException e) {
            release(id);
            throw DiskFull.fault("image " + id, e);
        } catch (RuntimeException e) {
            release(id);
            throw e;
        }
    }

    private Download start(ImageSource source, Path file) {
        Path part = directory.resolve(source.imageId() + PART);
        return downloads.start(source, part, limits.largest().count(), fetched -> {
            try {
                if (fetched) {
                    virtualBytes(source, part);
                    Files.move(part, file);
                }
            } finally {
                Files.deleteIfExists(part);
                synchronized (this) {
                    running.remove(source.imageId());
                }
            }
        });
    }

    private static void await(Download download, BooleanSupplier abandoned) {
        while (true) {
            try {
                download.done().get(200, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                if (abandoned.getAsBoolean()) {
                    throw Fault.conflict("The guest was deleted while its image was fetched.")
                            .because(e);
                }
                download.check();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof FaultException fault
                        ? new FaultException(fault.fault(), fault)
                        : Fault.internal("The image could not be fetched.").because(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Fault.unavailable("The agent is stopping.").because(e);
            }
        }
    }

    private static long virtualBytes(ImageSource source, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Inspector.Verdict verdict = Inspector.inspect(channel, source.diskFormat(), false, LARGEST);
            Long size = verdict.virtualSize();
            if (size == null || verdict.encrypted()) {
                throw unacceptable(source.imageId(), "it is encrypted");
            }
            return size;
        } catch (UnsafeImage e) {
            throw unacceptable(source.imageId(), String.valueOf(e.getMessage()));
        }
    }

    private static FaultException unacceptable(String id, String why) {
        return Fault.of(Fault.Kind.INVALID, "ImageUnacceptable", "Image " + id + " is unacceptable: " + why + ".");
    }

    private synchronized void release(String id) {
        pins.computeIfPresent(id, (key, count) -> count == 1 ? null : count - 1);
    }

    /**
     * Removes images that neither a guest nor a fetch needs and that are too old, or the oldest while all together
     * are too large.
     *
     * @param inUse asked under the lock that also guards new fetches, so that no image goes while it is taken up
     */
    public synchronized void sweep(Supplier<Set<String>> inUse) {
        try {
            Set<String> used = inUse.get();
            Instant now = clock.instant();
            List<Path> files = new ArrayList<>(list());
            files.removeIf(file -> file.toString().endsWith(PART));
            files.sort(Comparator.comparing(ImageCache::usedAt));
            long total =
                    files.stream().mapToLong(file -> file.toFile().length()).sum();
            for (Path file : files) {
                String id = file.getFileName().toString();
                if (used.contains(id)) {
                    // its age counts from the day the last guest lets go of it
                    Files.setLastModifiedTime(file, FileTime.from(now));
                    continue;
                }
                boolean old = usedAt(file).plus(limits.unusedAge()).isBefore(now);
                if ((old || total > limits.cache().count()) && !pins.containsKey(id)) {
                    total -= Files.size(file);
                    Files.delete(file);
                    LOG.info("Removed unused image {}", id);
                }
            }
        } catch (IOException e) {
            LOG.warn("Unused images could not be removed", e);
        }
    }

    private static Instant usedAt(Path file) {
        return Instant.ofEpochMilli(file.toFile().lastModified());
    }

    private List<Path> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Override
    public void close() {
        downloads.close();
    }
}
