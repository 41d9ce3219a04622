package io.nacre.glance.cache;

import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.StoreDriver.Sink;
import io.nacre.glance.store.WatchingStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a copy of an image's data behind as it is read: when all of it came by, and it is what it should be. Trouble
 * with the copy is no trouble for the reader.
 */
final class CachingStream extends WatchingStream {
    private static final Logger LOG = LoggerFactory.getLogger(CachingStream.class);

    private final Image image;
    private final String wanted;
    private final Sink sink;
    private final MessageDigest digest;
    private final Runnable closed;
    private long left;
    private boolean broken;

    /** @param closed called once at the end */
    CachingStream(InputStream in, Image image, long size, Sink sink, Runnable closed) {
        super(in);
        this.image = image;
        this.left = size;
        this.sink = sink;
        this.closed = closed;
        String hash = image.data().hash();
        this.wanted = String.valueOf(hash == null ? image.data().checksum() : hash);
        this.digest = algorithm(image).orElseThrow().digest();
    }

    /** Only data that can be told from other data is worth a copy. */
    static boolean canTell(Image image) {
        return algorithm(image).isPresent();
    }

    private static Optional<HashAlgorithm> algorithm(Image image) {
        if (image.data().hash() != null) {
            return HashAlgorithm.of(image.data().hashAlgo());
        }
        return image.data().checksum() == null ? Optional.empty() : Optional.of(HashAlgorithm.MD5);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read = in.read(bytes, offset, length);
        if (read > 0) {
            copy(bytes, offset, read);
        }
        return read;
    }

    private void copy(byte[] bytes, int offset, int length) {
        if (broken) {
            return;
        }
        left -= length;
        digest.update(bytes, offset, length);
        try {
            sink.write(bytes, offset, length);
        } catch (IOException e) {
            LOG.warn("The data of image {} cannot be kept in the cache", image.id(), e);
            broken = true;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            finish();
        } finally {
            closed.run();
            super.close();
        }
    }

    private void finish() {
        try (sink) {
            if (broken || left != 0) {
                return;
            }
            if (HexFormat.of().formatHex(digest.digest()).equals(wanted)) {
                sink.commit();
            } else {
                LOG.error("The data of image {} is not what it was; it is not kept in the cache", image.id());
            }
        } catch (IOException e) {
            LOG.warn("The data of image {} cannot be kept in the cache", image.id(), e);
        }
        broken = true;
    }
}
