package io.nacre.compute.qemu;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log that a process appends to and that must not grow without end: what it wrote, and one older part.
 *
 * <p>QEMU keeps the file open for appending, so it cannot be given another one; it is copied and cut to nothing
 * instead. What a guest writes between these two is lost, which a log that is thrown away in parts can bear.
 */
final class ConsoleFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ConsoleFiles.class);

    private ConsoleFiles() {}

    /** @param limit for both parts together */
    static void cap(Path file, long limit) {
        try {
            if (!Files.exists(file) || Files.size(file) <= limit / 2) {
                return;
            }
            Path part = file.resolveSibling(file.getFileName() + ".part");
            GuestDirectory.write(part, tail(file, limit / 2));
            Files.move(part, older(file), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
                open.truncate(0);
            }
        } catch (IOException e) {
            LOG.warn("The log {} could not be cut", file.getFileName(), e);
        }
    }

    static String read(Path file, long limit) throws IOException {
        byte[] old = Files.exists(older(file)) ? tail(older(file), limit) : new byte[0];
        byte[] current = Files.exists(file) ? tail(file, limit) : new byte[0];
        return new String(old, StandardCharsets.UTF_8) + new String(current, StandardCharsets.UTF_8);
    }

    private static Path older(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    private static byte[] tail(Path file, long limit) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = in.size();
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, limit));
            in.position(size - buffer.capacity());
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {}
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            return bytes;
        }
    }
}
