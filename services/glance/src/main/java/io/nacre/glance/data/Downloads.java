package io.nacre.glance.data;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.glance.cache.ImageCache;
import io.nacre.glance.image.Image;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way of an image's data to a client: from the cache, else from the heaviest store that gives it. */
public final class Downloads {
    private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
    private static final String OCTETS = "application/octet-stream";
    private static final int CHUNK = 1 << 18;

    private final Transactions transactions;
    private final LocationStore locations;
    private final Stores stores;
    private final @Nullable ImageCache cache;

    /** @param cache null when there is none */
    public Downloads(Transactions transactions, LocationStore locations, Stores stores, @Nullable ImageCache cache) {
        this.transactions = transactions;
        this.locations = locations;
        this.stores = stores;
        this.cache = cache;
    }

    /**
     * The answer to a request for an image's data, which is asked for before the answer begins. 204 when there is none;
     * faults with UNAVAILABLE when it is only out of reach, RANGE_NOT_SATISFIABLE.
     */
    Response answer(Request request, Image image, List<Location> locations) {
        Long size = image.data().size();
        if (locations.isEmpty() || size == null) {
            return Response.empty(204);
        }
        ByteRange range = ByteRange.of(request.header("Range"), request.header("Content-Range"), size);
        ByteRange wanted = range == null ? new ByteRange(0, size - 1) : range;
        boolean head = request.method().equals("HEAD");
        InputStream in = head ? InputStream.nullInputStream() : data(image, locations, size, wanted);
        if (in == null) {
            return Response.empty(204);
        }
        Response response = Response.stream(
                range == null ? 200 : 206, OCTETS, wanted.length(), out -> copy(in, wanted.length(), out));
        if (range != null) {
            response.header("Content-Range", "bytes " + range.first() + "-" + range.last() + "/" + size);
        }
        if (image.data().checksum() != null) {
            response.header("Content-MD5", image.data().checksum());
        }
        return response.header("Accept-Ranges", "bytes");
    }

    private @Nullable InputStream data(Image image, List<Location> locations, long size, ByteRange wanted) {
        if (cache == null) {
            Opened opened = open(image, locations, size, wanted.first());
            return opened == null ? null : opened.in();
        }
        try {
            if (cache.has(image.id(), size)) {
                return cache.open(image.id(), wanted.first());
            }
        } catch (IOException e) {
            LOG.warn("The copy of image {} in the cache cannot be read", image.id(), e);
        }
        Opened opened = open(image, locations, size, wanted.first());
        if (opened == null || opened.store().driver().local() || wanted.length() < size) {
            return opened == null ? null : opened.in();
        }
        try {
            return cache.keeping(opened.in(), image, size);
        } catch (IOException e) {
            LOG.warn("The data of image {} cannot be kept in the cache", image.id(), e);
            return opened.in();
        }
    }

    /** All of an image's data, for the cache. */
    public InputStream source(Image image) throws IOException {
        List<Location> active = transactions.read(tx -> locations.ofImage(tx, image.id(), Location.Status.ACTIVE));
        Long size = image.data().size();
        Opened opened = size == null ? null : open(image, active, size, 0);
        if (opened == null) {
            throw new NoSuchFileException(image.id());
        }
        return opened.in();
    }

    /** The image is gone. Other controllers find out by themselves. */
    void forget(String imageId) {
        if (cache != null) {
            try {
                cache.remove(imageId);
                cache.dequeue(imageId);
            } catch (IOException e) {
                LOG.warn("The copy of image {} is still in the cache", imageId, e);
            }
        }
    }

    /** Data on its way from a store. */
    private record Opened(Stores.Store store, InputStream in) {}

    /** A stream whose first byte is there; null when no store has the data. */
    private @Nullable Opened open(Image image, List<Location> locations, long size, long offset) {
        FaultException trouble = null;
        for (Location location : stores.byWeight(locations, Location::store)) {
            Stores.Store store = stores.find(location.store()).orElse(null);
            if (store == null) {
                LOG.error("Image {} is in store {}, which is not configured", image.id(), location.store());
                continue;
            }
            try {
                long there = store.driver().size(location.place());
                if (there == size) {
                    return new Opened(store, begun(store.driver().open(location.place(), offset), offset < size));
                }
                LOG.error(
                        "The data of image {} in store {} is damaged: {} bytes, not {}",
                        image.id(),
                        store.id(),
                        there,
                        size);
                trouble = Fault.internal("The data of the image is damaged.");
            } catch (NoSuchFileException e) {
                LOG.error("The data of image {} is missing in store {}", image.id(), store.id());
            } catch (IOException e) {
                LOG.warn("The data of image {} cannot be read from store {}", image.id(), store.id(), e);
                trouble = Fault.unavailable("Remote server where the image is present is unavailable.")
                        .because(e);
            }
        }
        if (trouble != null) {
            throw trouble;
        }
        return null;
    }

    private static InputStream begun(InputStream in, boolean more) throws IOException {
        try {
            return more ? new BegunStream(in) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static void copy(InputStream in, long length, OutputStream out) throws IOException {
        try (in) {
            byte[] chunk = new byte[CHUNK];
            for (long left = length; left > 0; ) {
                int read = in.read(chunk, 0, (int) Math.min(left, chunk.length));
                if (read < 0) {
                    throw new EOFException("the image data ends early");
                }
                out.write(chunk, 0, read);
                left -= read;
            }
        }
    }
}
