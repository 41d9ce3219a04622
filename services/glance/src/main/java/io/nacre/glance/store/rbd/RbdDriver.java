package io.nacre.glance.store.rbd;

import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.rbd.RbdPool.Link;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * An image of the pool for each key. It is complete when it has the snapshot {@code snap}, which is protected, so that
 * servers' disks and volumes can be clones of it; the original has it the same way.
 */
final class RbdDriver implements StoreDriver {
    static final String SNAPSHOT = "snap";
    private static final long NAMES = 16 << 10;
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");

    private final RbdStoreConfig config;
    private final RbdPool pool;

    RbdDriver(RbdStoreConfig config) {
        this.config = config;
        this.pool = new RbdPool(config);
    }

    @Override
    public String kind() {
        return "rbd";
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("chunk_size", config.chunk(), "pool", config.poolName(), "thin_provisioning", config.thin());
    }

    @Override
    public String url(String key) {
        try {
            String fsid = pool.call((link, arena) -> link.fsid());
            return "rbd://" + fsid + "/" + config.poolName() + "/" + key + "/" + SNAPSHOT;
        } catch (IOException e) {
            // What the original says of a cluster whose name it does not know.
            return "rbd://" + key;
        }
    }

    @Override
    public Sink create(String key, long expected) throws IOException {
        delete(key);
        return new RbdSink(pool, config, name(key), Math.max(expected, 0));
    }

    @Override
    public long size(String key) throws IOException {
        return pool.call((link, arena) -> {
            MemorySegment image = openSnapshot(link, arena, name(key));
            try {
                return sizeOf(link, arena, image);
            } finally {
                link.lib().call("rbd_close", image);
            }
        });
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        return pool.call((link, arena) -> {
            MemorySegment image = openSnapshot(link, arena, name(key));
            return new RbdStream(pool, link, image, offset, sizeOf(link, arena, image), config.chunk());
        });
    }

    private long sizeOf(Link link, Arena arena, MemorySegment image) throws IOException {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        pool.require(link.lib().call("rbd_get_size", image, size), "tell an image's size");
        return size.get(ValueLayout.JAVA_LONG, 0);
    }

    private MemorySegment openSnapshot(Link link, Arena arena, String key) throws IOException {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        pool.requireImage(
                link.lib()
                        .call(
                                "rbd_open_read_only",
                                link.io(),
                                arena.allocateFrom(key),
                                out,
                                arena.allocateFrom(SNAPSHOT)),
                key,
                "open an image");
        return LibRbd.pointer(out);
    }

    @Override
    public void delete(String key) throws IOException {
        pool.run((link, arena) -> {
            MemorySegment name = arena.allocateFrom(name(key));
            removeSnapshot(link, arena, name);
            long answer = link.lib().call("rbd_remove", link.io(), name);
            if (answer == -RbdPool.ENOTEMPTY) {
                // Snapshots of others', or clones: the data goes when they do.
                answer = link.lib().call("rbd_trash_move", link.io(), name, 0L);
            }
            requireFree(answer);
        });
    }

    private void removeSnapshot(Link link, Arena arena, MemorySegment name) throws IOException {
        MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
        long opened = link.lib().call("rbd_open", link.io(), name, out, MemorySegment.NULL);
        if (opened == -RbdPool.ENOENT) {
            return;
        }
        pool.require(opened, "open an image");
        MemorySegment image = LibRbd.pointer(out);
        try {
            MemorySegment snapshot = arena.allocateFrom(SNAPSHOT);
            long answer = link.lib().call("rbd_snap_unprotect", image, snapshot);
            // It was not protected yet, or not any more.
            requireFree(answer == -RbdPool.EINVAL ? 0 : answer);
            requireFree(link.lib().call("rbd_snap_remove", image, snapshot));
        } finally {
            link.lib().call("rbd_close", image);
        }
    }

    /** What is not there is as good as removed. */
    private void requireFree(long answer) throws IOException {
        if (answer == -RbdPool.EBUSY) {
            throw new StoreInUse(new IOException("pool " + config.poolName()));
        }
        if (answer != -RbdPool.ENOENT) {
            pool.require(answer, "remove an image");
        }
    }

    @Override
    public List<String> keys() throws IOException {
        return pool.call((link, arena) -> {
            MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
            size.set(ValueLayout.JAVA_LONG, 0, NAMES);
            MemorySegment names = arena.allocate(NAMES);
            long answer = link.lib().call("rbd_list", link.io(), names, size);
            while (answer == -RbdPool.ERANGE) {
                names = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
                answer = link.lib().call("rbd_list", link.io(), names, size);
            }
            pool.require(answer, "list its images");
            byte[] text = names.asSlice(0, answer).toArray(ValueLayout.JAVA_BYTE);
            return Arrays.stream(new String(text, StandardCharsets.UTF_8).split("\0"))
                    .filter(name -> KEY.matcher(name).matches())
                    .toList();
        });
    }

    private static String name(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return key;
    }
}
