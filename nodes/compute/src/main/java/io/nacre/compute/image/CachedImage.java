package io.nacre.compute.image;

import java.nio.file.Path;

/**
 * An image on this host, checked, and held there for as long as this is open.
 *
 * @param format raw, qcow2 or iso, as the image service declares it
 * @param virtualBytes size of the disk that a guest sees
 */
public record CachedImage(String imageId, Path file, String format, long virtualBytes, Runnable release)
        implements AutoCloseable {

    @Override
    public void close() {
        release.run();
    }
}
