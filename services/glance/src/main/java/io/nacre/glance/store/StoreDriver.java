package io.nacre.glance.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;

/**
 * A place where images' data is kept, under keys that are never used twice.
 *
 * <p>Data appears under its key as a whole or not at all, also when the power fails. Deleting what is not there is no
 * fault. A store that is full throws {@link StoreFull}; any other {@link IOException} means that it cannot be reached
 * or does not work just now, and says which store and why. A driver waits for nobody without end. It is used by many
 * threads at once.
 */
public interface StoreDriver {

    /** The kind of store, such as file. */
    String kind();

    /** What an administrator is shown of how it is set up; no secrets. */
    Map<String, Object> properties();

    /** Where data is in the terms of the technology, as the original's locations have it; no secrets. */
    String url(String key);

    /** Whether reading from it costs no more than reading a file, so that nothing is gained by a copy of its data. */
    default boolean local() {
        return false;
    }

    /** Whether data that others keep may be named to it by this URL, which is then the key. */
    default boolean takes(String url) {
        return false;
    }

    /**
     * Begins to write. What an earlier try left under the same key is gone.
     *
     * @param expected bytes that are to come, -1 when nobody knows; a hint
     */
    Sink create(String key, long expected) throws IOException;

    default Sink create(String key) throws IOException {
        return create(key, -1);
    }

    /** @throws java.nio.file.NoSuchFileException when there is no such data, or not all of it */
    long size(String key) throws IOException;

    /**
     * Reads to the end. Closing early is cheap.
     *
     * @param offset of the first byte wanted, at most the size
     * @throws java.nio.file.NoSuchFileException when there is no such data, or not all of it
     */
    InputStream open(String key, long offset) throws IOException;

    /**
     * Reads a part; fewer bytes only where the data ends.
     *
     * @throws IOException also when what lies before it would have to be read, and is too much
     */
    default byte[] read(String key, long offset, int length) throws IOException {
        try (InputStream in = open(key, offset)) {
            return in.readNBytes(length);
        }
    }

    /**
     * Removes data, also what was begun and not committed.
     *
     * @throws StoreInUse when somebody beside us uses the data
     */
    void delete(String key) throws IOException;

    /** Every key under which there is anything, complete or not. */
    List<String> keys() throws IOException;

    /** Data on its way in. Closing without {@link #commit} leaves nothing. */
    interface Sink extends AutoCloseable {
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Makes the data durable and then visible. */
        void commit() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** There is no room for more. */
    final class StoreFull extends IOException {
        private static final long serialVersionUID = 1L;

        public StoreFull(Throwable cause) {
            super("There is not enough disk space on the image storage media.", cause);
        }
    }

    /** The data cannot be removed, as something in the store hangs on it. */
    final class StoreInUse extends IOException {
        private static final long serialVersionUID = 1L;

        public StoreInUse(Throwable cause) {
            super(
                    "The image cannot be deleted because it is in use through the backend store outside of Glance.",
                    cause);
        }
    }
}
