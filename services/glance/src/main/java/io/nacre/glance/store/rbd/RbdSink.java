package io.nacre.glance.store.rbd;

import io.nacre.glance.store.StoreDriver;
import io.nacre.glance.store.rbd.RbdPool.Link;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Collects a chunk, writes it, and so on. The image is open only while it is written to, so that whoever finds it half
 * done after a crash can remove it at once: as long as somebody has it open the cluster refuses that.
 */
final class RbdSink implements StoreDriver.Sink {
    private static final long LARGEST_STEP = 8L << 30;

    private final RbdPool pool;
    private final RbdStoreConfig config;
    private final String name;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment chunk;
    private int filled;
    private long written;
    private long room;
    private long step;
    private boolean committed;
    private boolean closed;

    RbdSink(RbdPool pool, RbdStoreConfig config, String name, long expected) throws IOException {
        this.pool = pool;
        this.config = config;
        this.name = name;
        this.room = expected;
        this.step = config.chunk();
        this.chunk = arena.allocate(config.chunk());
        pool.call((link, scratch) -> {
            MemorySegment order = scratch.allocate(ValueLayout.JAVA_INT);
            order.set(ValueLayout.JAVA_INT, 0, Integer.numberOfTrailingZeros(config.chunk()));
            return pool.require(
                    link.lib().call("rbd_create2", link.io(), scratch.allocateFrom(name), room, link.features(), order),
                    "make an image");
        });
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = offset; at < offset + length; ) {
            int some = Math.min(offset + length - at, config.chunk() - filled);
            MemorySegment.copy(bytes, at, chunk, ValueLayout.JAVA_BYTE, filled, some);
            filled += some;
            at += some;
            if (filled == config.chunk()) {
                inImage(this::flush);
            }
        }
    }

    private interface Work {
        void on(Link link, MemorySegment image, Arena scratch) throws IOException;
    }

    private void inImage(Work work) throws IOException {
        pool.run((link, scratch) -> {
            MemorySegment out = scratch.allocate(ValueLayout.ADDRESS);
            pool.requireImage(
                    link.lib().call("rbd_open", link.io(), scratch.allocateFrom(name), out, MemorySegment.NULL),
                    name,
                    "open an image");
            MemorySegment image = LibRbd.pointer(out);
            try {
                work.on(link, image, scratch);
            } finally {
                link.lib().call("rbd_close", image);
            }
        });
    }

    private void flush(Link link, MemorySegment image, Arena scratch) throws IOException {
        if (filled == 0) {
            return;
        }
        if (written + filled > room) {
            // Ever larger steps, as each costs a round.
            room = written + Math.max(step, filled);
            step = Math.min(step * 2, LARGEST_STEP);
            pool.require(link.lib().call("rbd_resize", image, room), "make room for data");
        }
        if (!config.thin() || !isZero()) {
            pool.require(link.lib().call("rbd_write", image, written, (long) filled, chunk), "take data");
            pool.require(link.lib().call("rbd_flush", image), "keep data");
        }
        written += filled;
        filled = 0;
    }

    private boolean isZero() {
        for (int i = 0; i < filled; i++) {
            if (chunk.get(ValueLayout.JAVA_BYTE, i) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void commit() throws IOException {
        inImage((link, image, scratch) -> {
            flush(link, image, scratch);
            if (room != written) {
                pool.require(link.lib().call("rbd_resize", image, written), "cut an image to its size");
            }
            MemorySegment snapshot = scratch.allocateFrom(RbdDriver.SNAPSHOT);
            pool.require(link.lib().call("rbd_snap_create", image, snapshot), "make a snapshot");
            pool.require(link.lib().call("rbd_snap_protect", image, snapshot), "protect a snapshot");
        });
        committed = true;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!committed) {
                pool.call((link, scratch) -> {
                    long answer = link.lib().call("rbd_remove", link.io(), scratch.allocateFrom(name));
                    return answer == -RbdPool.ENOENT ? 0 : pool.require(answer, "remove an image");
                });
            }
        } finally {
            RbdPool.release(arena);
        }
    }
}
