package io.nacre.glance.store.file;

import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Data in files of one folder. What is being written ends in .part and is renamed when it is complete and synced. */
public final class FileDriver implements StoreDriver {
    private static final String PART = ".part";
    private static final Pattern KEY = Pattern.compile("[0-9a-f-]{36}");

    private final Path folder;

    public FileDriver(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("The image store cannot be created: " + folder, e);
        }
    }

    @Override
    public String kind() {
        return "file";
    }

    @Override
    public Map<String, Object> properties() {
        return Map.of("data_dir", folder.toString(), "chunk_size", 1 << 16, "thin_provisioning", false);
    }

    @Override
    public String url(String key) {
        return "file://" + file(key).toAbsolutePath();
    }

    @Override
    public boolean local() {
        return true;
    }

    @Override
    public Sink create(String key, long expected) throws IOException {
        requireFolder();
        return new FileSink(folder, part(key), file(key));
    }

    @Override
    public long size(String key) throws IOException {
        requireFolder();
        return Files.size(file(key));
    }

    @Override
    public InputStream open(String key, long offset) throws IOException {
        requireFolder();
        FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ);
        channel.position(offset);
        return Channels.newInputStream(channel);
    }

    @Override
    public void delete(String key) throws IOException {
        requireFolder();
        Files.deleteIfExists(part(key));
        Files.deleteIfExists(file(key));
    }

    /** Without its folder a store is away; it has not lost its data. */
    private void requireFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("The folder of the image store is away: " + folder);
        }
    }

    @Override
    public List<String> keys() throws IOException {
        requireFolder();
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> name.endsWith(PART) ? name.substring(0, name.length() - PART.length()) : name)
                    .filter(name -> KEY.matcher(name).matches())
                    .distinct()
                    .toList();
        }
    }

    /** Where the data is. */
    public Path file(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("not a key: " + key);
        }
        return folder.resolve(key);
    }

    private Path part(String key) {
        return file(key).resolveSibling(key + PART);
    }

    private static final class FileSink implements Sink {
        private final Path folder;
        private final Path part;
        private final Path file;
        private final FileChannel channel;
        private boolean committed;

        FileSink(Path folder, Path part, Path file) throws IOException {
            this.folder = folder;
            this.part = part;
            this.file = file;
            // A repeated step finds what its first try left; nobody else ever writes under the same key.
            Files.deleteIfExists(part);
            this.channel = FileChannel.open(
                    part,
                    java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            try {
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw full(e);
            }
        }

        @Override
        public void commit() throws IOException {
            try {
                channel.force(true);
                channel.close();
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                sync(folder);
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
            return message.contains("no space left") || message.contains("quota exceeded") ? new StoreFull(e) : e;
        }
    }
}
