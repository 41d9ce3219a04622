package io.nacre.glance.store;

import io.nacre.glance.store.file.FileDriver;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A store of files that gets into trouble when it is told to. It counts as one that is far away. */
public final class FaultyStore implements StoreConfig, StoreDriver {
    private final FileDriver files;
    private final @Nullable Integer weight;
    private volatile long room = Long.MAX_VALUE;
    private volatile long enough = Long.MAX_VALUE;
    private volatile boolean away;
    private volatile boolean inUse;
    private volatile @Nullable Event meanwhile;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger reading = new AtomicInteger();

    public FaultyStore(Path folder, @Nullable Integer weight) {
        this.files = new FileDriver(folder);
        this.weight = weight;
    }

    /** No more than so many bytes can be written at a time. */
    public void room(long bytes) {
        room = bytes;
    }

    public void away(boolean now) {
        away = now;
        enough = Long.MAX_VALUE;
    }

    /** It goes away when so many bytes of something were written, which then stay. */
    public void awayAfter(long bytes) {
        enough = bytes;
    }

    /** Something that happens. */
    public interface Event {
        void happen() throws Exception;
    }

    /** What happens once, when something is written the next time. */
    public void meanwhile(Event event) {
        meanwhile = event;
    }

    private void happen() throws IOException {
        Event event = meanwhile;
        meanwhile = null;
        if (event != null) {
            try {
                event.happen();
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    public void inUse(boolean now) {
        inUse = now;
    }

    /** How often data was asked for. */
    public int opened() {
        return opened.get();
    }

    /** How many read its data now. */
    public int reading() {
        return reading.get();
    }

    private StoreDriver there() throws IOException {
        if (away) {
            throw new IOException("the store is away");
        }
        return files;
    }

    @Override
    public @Nullable String description() {
        return null;
    }

    @Override
    public @Nullable Integer weight() {
        return weight;
    }

    @Override
    public StoreDriver open() {
        return this;
    }

    @Override
    public String kind() {
        return "faulty";
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of();
    }

    @Override
    public String url(String key) {
        return "faulty://" + key;
    }

    @Override
    public Sink create(String key, long expected) throws IOException {
        Sink sink = there().create(key, expected);
        return new Sink() {
            private long written;

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                happen();
                written += length;
                if (written > room) {
                    throw new StoreFull(new IOException("No space left on device"));
                }
                there();
                sink.write(bytes, offset, length);
                away |= written >= enough;
            }

            @Override
            public void commit() throws IOException {
                there();
                sink.commit();
            }

            @Override
            public void close() throws IOException {
                there();
                sink.close();
            }
        };
    }

    @Override
    public long size(String key) throws IOException {
        return there().size(key);
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        opened.incrementAndGet();
        InputStream in = there().open(key, offset);
        reading.incrementAndGet();
        return new FilterInputStream(in) {
            private final AtomicBoolean closed = new AtomicBoolean();

            @Override
            public void close() throws IOException {
                super.close();
                if (!closed.getAndSet(true)) {
                    reading.decrementAndGet();
                }
            }
        };
    }

    @Override
    public void delete(String key) throws IOException {
        if (inUse) {
            throw new StoreInUse(new IOException("a volume is made of it"));
        }
        there().delete(key);
    }

    @Override
    public List<String> keys() throws IOException {
        return there().keys();
    }
}
