package io.nacre.glance.cache;

import io.nacre.base.Transactions;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.image.ImageStore;
import io.nacre.tasks.Reconciler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches the images that wait for it, one after the other, and keeps the cache in order. */
public final class Prefetcher implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(Prefetcher.class);

    private static final Duration MOMENT = Duration.ofSeconds(2);

    private final Transactions transactions;
    private final ImageStore images;
    private final @Nullable ImageCache cache;
    private final Source source;
    private final CacheConfig config;
    private final InstantSource clock;
    private final ReentrantLock working = new ReentrantLock();

    /** Where an image's data comes from. */
    public interface Source {
        /** Throws when no store gives it. */
        InputStream open(Image image) throws IOException;
    }

    public Prefetcher(
            Transactions transactions,
            ImageStore images,
            @Nullable ImageCache cache,
            Source source,
            CacheConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.images = images;
        this.cache = cache;
        this.source = source;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "image cache";
    }

    @Override
    public Duration period() {
        return config.period();
    }

    /** Begins to work in a moment: whoever asks for several images sees all of them wait. */
    void wake() {
        Thread.ofVirtual().name("image cache").start(() -> {
            try {
                Thread.sleep(MOMENT);
                run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.warn("The image cache cannot be filled now", e);
            }
        });
    }

    @Override
    public void run() {
        ImageCache it = cache;
        if (it == null) {
            return;
        }
        working.lock();
        try {
            for (String id : it.queued()) {
                if (fetch(it, id)) {
                    it.dequeue(id);
                }
            }
            for (ImageCache.Copy copy : it.copies()) {
                if (isStale(copy)) {
                    it.remove(copy.imageId());
                }
            }
            it.clean(clock.instant().minus(config.stallTime()));
        } catch (IOException e) {
            LOG.warn("The image cache cannot be put in order", e);
        } finally {
            working.unlock();
        }
    }

    private boolean isStale(ImageCache.Copy copy) {
        return transactions
                .read(tx -> images.find(tx, copy.imageId()))
                .filter(image -> image.hasData() && Objects.equals(image.data().size(), copy.size()))
                .isEmpty();
    }

    /** True when it need not be tried again. */
    private boolean fetch(ImageCache it, String id) throws IOException {
        Optional<Image> image =
                transactions.read(tx -> images.find(tx, id)).filter(found -> found.state() == ImageState.ACTIVE);
        Long size = image.map(found -> found.data().size()).orElse(null);
        if (image.isEmpty() || size == null || it.has(id, size)) {
            return true;
        }
        if (!it.canKeep(image.get(), size)) {
            LOG.warn("Image {} cannot be kept in the cache: it does not fit, or has no digest", id);
            return true;
        }
        try (InputStream data = source.open(image.get());
                InputStream in = it.keeping(data, image.get(), size)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | RuntimeException e) {
            LOG.warn("Image {} cannot be fetched into the cache yet", id, e);
            return false;
        }
        return it.has(id, size);
    }
}
