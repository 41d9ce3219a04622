package io.nacre.glance.store.file;

import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way in. It is synced now and then beside the writing: so little is left to be written at the end, and
 * a large file does not fill the memory with pages that wait for the disk.
 */
final class FileSink implements StoreDriver.Sink {
    private static final long SYNC_BYTES = 64 << 20;

    private final Path part;
    private final Path file;
    private final FileChannel channel;
    private @Nullable FutureTask<Void> sync;
    private long unsynced;
    private boolean committed;

    /** @param part where the data is until it is complete */
    FileSink(Path part, Path file) throws IOException {
        this.part = part;
        this.file = file;
        // A repeated step finds what its first try left; nobody else ever writes under the same key.
        Files.deleteIfExists(part);
        this.channel = FileChannel.open(
                part,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            unsynced += length;
            if (unsynced >= SYNC_BYTES && (sync == null || sync.isDone())) {
                requireSynced();
                startSync();
            }
        } catch (IOException e) {
            throw full(e);
        }
    }

    private void startSync() {
        unsynced = 0;
        sync = new FutureTask<>(() -> {
            channel.force(false);
            return null;
        });
        Thread.ofVirtual().name("sync of " + part.getFileName()).start(sync);
    }

    /** The system tells once only that it could not write. */
    private void requireSynced() throws IOException {
        try {
            if (sync != null) {
                sync.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException why ? why : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void commit() throws IOException {
        try {
            requireSynced();
            channel.force(true);
            channel.close();
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            sync(file.resolveSibling(""));
        } catch (IOException e) {
            throw full(e);
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (!committed) {
            Files.deleteIfExists(part);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Java has no type of its own for ENOSPC and EDQUOT. */
    private static IOException full(IOException e) {
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("no space left") || message.contains("quota exceeded")
                ? new StoreDriver.StoreFull(e)
                : e;
    }
}
