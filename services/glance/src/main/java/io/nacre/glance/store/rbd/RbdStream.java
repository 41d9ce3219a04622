package io.nacre.glance.store.rbd;

import io.nacre.glance.store.rbd.RbdPool.Link;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/** The data of a snapshot, a chunk at a time. */
final class RbdStream extends InputStream {
    private final RbdPool pool;
    private final Link link;
    private final MemorySegment image;
    private final long size;
    private final int chunkSize;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment chunk;
    private long next;
    private int filled;
    private int taken;
    private boolean closed;

    RbdStream(RbdPool pool, Link link, MemorySegment image, long offset, long size, int chunkSize) {
        this.pool = pool;
        this.link = link;
        this.image = image;
        this.next = offset;
        this.size = size;
        this.chunkSize = chunkSize;
        this.chunk = arena.allocate(chunkSize);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        if (taken == filled && !fill()) {
            return -1;
        }
        int some = Math.min(length, filled - taken);
        MemorySegment.copy(chunk, ValueLayout.JAVA_BYTE, taken, bytes, offset, some);
        taken += some;
        return some;
    }

    /** False at the end. */
    private boolean fill() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        // Up to where an object of the image ends.
        long wanted = Math.min(chunkSize - next % chunkSize, size - next);
        if (wanted <= 0) {
            return false;
        }
        filled = (int) (long) pool.call((_, _) ->
                pool.require(link.lib().call("rbd_read", image, next, wanted, chunk), "give an image's data"));
        taken = 0;
        next += filled;
        if (filled == 0) {
            throw new IOException("the image data ends early");
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        pool.call((_, _) -> link.lib().call("rbd_close", image));
        RbdPool.release(arena);
    }
}
