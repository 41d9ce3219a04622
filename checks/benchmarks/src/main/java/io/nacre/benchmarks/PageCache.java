package io.nacre.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The memory that is free, put to use for pages of a file, as on a machine that has run for a while. New pages then come
 * from there. A virtual machine that has given free memory back to its host asks for every page anew: that can take
 * longer than all that is measured, and differs from one moment to the next.
 */
final class PageCache implements AutoCloseable {
    private static final double SPARE_MEBIBYTES = 200;
    private static final long LARGEST = 8L << 40;

    private final Path file;
    private final FileChannel hole;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);

    PageCache(Path folder) throws IOException {
        file = folder.resolve("hole");
        hole = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ);
        hole.write(ByteBuffer.allocate(1), LARGEST);
    }

    /** Reads on in a file that is long enough for all that there will be, and takes no room on the disk. */
    void fill() throws IOException {
        double free = Processes.mebibytes(Path.of("/proc/meminfo"), "MemFree");
        for (double left = free - SPARE_MEBIBYTES; left > 0; left--) {
            hole.read(buffer.clear());
        }
    }

    @Override
    public void close() throws IOException {
        hole.close();
        Files.delete(file);
    }
}
