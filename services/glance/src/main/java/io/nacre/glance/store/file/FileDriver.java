package io.nacre.glance.store.file;

import io.nacre.glance.store.StoreDriver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
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
        return new FileSink(part(key), file(key));
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
}
