package io.nacre.glance.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A place where images' data is kept, under keys that are never used twice.
 *
 * <p>Data appears under its key as a whole or not at all, also when the power fails. Deleting what is not there is no
 * fault. A store that is full throws {@link StoreFull}.
 */
public interface StoreDriver {

    /** The kind of store, such as file; for people. */
    String kind();

    /** Begins to write. */
    Sink create(String key) throws IOException;

    /** @throws java.nio.file.NoSuchFileException when there is no such data */
    long size(String key) throws IOException;

    /** @param offset of the first byte wanted */
    InputStream open(String key, long offset) throws IOException;

    /** Removes data, also what was begun and not committed. */
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

        public StoreFull(IOException cause) {
            super("There is not enough disk space on the image storage media.", cause);
        }
    }
}
