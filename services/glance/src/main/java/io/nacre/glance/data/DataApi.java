package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlanceErrors;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** API reference "Image data", staging and removal. */
public final class DataApi {
    private static final Logger LOG = LoggerFactory.getLogger(DataApi.class);
    private static final String OCTETS = "application/octet-stream";
    private static final int CHUNK = 1 << 18;
    /** A client that sends and does not listen must get rid of its data before it hears why it was refused. */
    private static final long DRAIN_BYTES = 256L << 20;

    private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Transactions transactions;
    private final ImageAccess access;
    private final LocationStore locations;
    private final Downloads downloads;
    private final Uploads uploads;
    private final ImageDelete deletion;
    private final GlanceConfig config;

    public DataApi(
            Transactions transactions,
            ImageAccess access,
            LocationStore locations,
            Downloads downloads,
            Uploads uploads,
            ImageDelete deletion,
            GlanceConfig config) {
        this.transactions = transactions;
        this.access = access;
        this.locations = locations;
        this.downloads = downloads;
        this.uploads = uploads;
        this.deletion = deletion;
        this.config = config;
    }

    public List<Route> routes() {
        String image = "/v2/images/{id}";
        return List.of(
                Route.put(image + "/file")
                        .policyInHandler(GlancePolicy.UPLOAD_IMAGE)
                        .media(OCTETS)
                        .to(this::upload),
                Route.get(image + "/file")
                        .policyInHandler(GlancePolicy.DOWNLOAD_IMAGE)
                        .to(this::download),
                Route.put(image + "/stage")
                        .policyInHandler(GlancePolicy.MODIFY_IMAGE)
                        .media(OCTETS)
                        .to(this::stage),
                Route.delete(image).policyInHandler(GlancePolicy.DELETE_IMAGE).to(this::delete));
    }

    private Response upload(Request request) {
        return receive(
                request,
                (in, size) -> uploads.upload(
                        request.caller(),
                        request.token(),
                        request.param("id"),
                        request.header("X-Image-Meta-Store"),
                        in,
                        size));
    }

    private Response stage(Request request) {
        if (!config.importMethods().contains("glance-direct")) {
            throw Fault.notFound("'glance-direct' method is not available at this site.");
        }
        return receive(request, (in, size) -> uploads.stage(request.caller(), request.param("id"), in, size));
    }

    private interface Receiver {
        void take(InputStream in, long size);
    }

    private static Response receive(Request request, Receiver receiver) {
        String type =
                String.valueOf(request.header("Content-Type")).split(";", 2)[0].strip();
        InputStream in = request.stream();
        try {
            if (!type.toLowerCase(Locale.ROOT).equals(OCTETS)) {
                throw GlanceErrors.mediaType(request, Map.of());
            }
            receiver.take(in, size(request));
            return Response.empty(204);
        } catch (RuntimeException e) {
            drain(in);
            throw e;
        }
    }

    private static long size(Request request) {
        String told = request.header("x-openstack-image-size");
        if (told == null) {
            return request.contentLength();
        }
        try {
            return Long.parseLong(told.strip());
        } catch (NumberFormatException e) {
            throw Fault.invalid("Invalid or missing image size in request headers.")
                    .because(e);
        }
    }

    private static void drain(InputStream in) {
        long end = System.nanoTime() + DRAIN_NANOS;
        byte[] chunk = new byte[CHUNK];
        try {
            for (long drained = 0; drained < DRAIN_BYTES && System.nanoTime() < end; ) {
                int read = in.read(chunk);
                if (read < 0) {
                    return;
                }
                drained += read;
            }
        } catch (IOException e) {
            LOG.debug("The client of a refused upload has gone", e);
        }
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Image image = access.allow(
                    tx,
                    request.caller(),
                    request.param("id"),
                    GlancePolicy.DELETE_IMAGE,
                    "Failed to find image %s to delete");
            deletion.start(tx, request.caller(), image);
        });
        downloads.forget(request.param("id"));
        return Response.empty(204);
    }

    /** An image with where its data is. */
    private record Found(Image image, List<Location> locations) {}

    private Response download(Request request) {
        Found found = transactions.read(tx -> find(tx, request.caller(), request.param("id")));
        return downloads.answer(request, found.image(), found.locations());
    }

    private Found find(Tx tx, Caller caller, String id) {
        Image image = access.see(tx, caller, id);
        if (image.state() == ImageState.DEACTIVATED && !access.isAdmin(caller)) {
            throw Fault.forbidden("The requested image has been deactivated. Image data download is forbidden.");
        }
        access.enforce(tx, caller, image, GlancePolicy.DOWNLOAD_IMAGE);
        return new Found(image, locations.ofImage(tx, id, Location.Status.ACTIVE));
    }
}
