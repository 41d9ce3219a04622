package io.nacre.glance.cache;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.View;
import io.nacre.policy.PolicyRule;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** API reference "Cache Manage": what this controller keeps copies of, and what it is to fetch. */
public final class CacheApi {
    private static final View<ImageCache.Copy> COPY = new View<ImageCache.Copy>()
            .field("image_id", ImageCache.Copy::imageId)
            .field("hits", ImageCache.Copy::hits)
            .field("last_accessed", copy -> seconds(copy.lastAccessed()))
            .field("last_modified", copy -> seconds(copy.lastModified()))
            .field("size", ImageCache.Copy::size);

    private final Transactions transactions;
    private final ImageAccess access;
    private final @Nullable ImageCache cache;
    private final Prefetcher prefetcher;

    /** @param cache null when there is none */
    public CacheApi(Transactions transactions, ImageAccess access, @Nullable ImageCache cache, Prefetcher prefetcher) {
        this.transactions = transactions;
        this.access = access;
        this.cache = cache;
        this.prefetcher = prefetcher;
    }

    public List<Route> routes() {
        String image = "/v2/cache/{image_id}";
        return List.of(
                Route.get("/v2/cache").policy(GlancePolicy.CACHE_LIST).to(this::list),
                Route.delete("/v2/cache").policy(GlancePolicy.CACHE_DELETE).to(this::clear),
                Route.put(image).policy(GlancePolicy.CACHE_IMAGE).to(this::enqueue),
                Route.delete(image).policy(GlancePolicy.CACHE_DELETE).to(this::delete));
    }

    private static double seconds(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }

    private ImageCache cache() {
        if (cache == null) {
            throw Fault.notFound("Caching via API is not supported at this site.");
        }
        return cache;
    }

    private Response list(Request request) {
        return ok(() -> Response.json(
                200, Map.of("cached_images", COPY.showAll(cache().copies(), 0), "queued_images", cache().queued())));
    }

    private Response clear(Request request) {
        String target = Objects.requireNonNullElse(request.header("x-image-cache-clear-target"), "");
        ImageCache it = cache();
        if (!List.of("", "cache", "queue").contains(target)) {
            throw Fault.invalid("If provided 'x-image-cache-clear-target' must be 'cache', 'queue' or empty string.");
        }
        return ok(() -> {
            if (!target.equals("queue")) {
                for (ImageCache.Copy copy : it.copies()) {
                    it.remove(copy.imageId());
                }
            }
            if (!target.equals("cache")) {
                for (String id : it.queued()) {
                    it.dequeue(id);
                }
            }
            return Response.empty(204);
        });
    }

    private Response enqueue(Request request) {
        String id = request.param("image_id");
        Image image = image(request, id, GlancePolicy.CACHE_IMAGE);
        ImageCache it = cache();
        if (image == null) {
            throw notFound(id);
        }
        if (image.state() != ImageState.ACTIVE) {
            throw Fault.invalid("Only images with status active can be targeted for queueing");
        }
        return ok(() -> {
            if (!it.has(id, Objects.requireNonNullElse(image.data().size(), -1L))) {
                it.enqueue(id);
                prefetcher.wake();
            }
            return Response.empty(202);
        });
    }

    private Response delete(Request request) {
        String id = request.param("image_id");
        Image image = image(request, id, GlancePolicy.CACHE_DELETE);
        ImageCache it = cache();
        return ok(() -> {
            boolean here = it.queued().contains(id)
                    || it.copies().stream().anyMatch(copy -> copy.imageId().equals(id));
            if (image == null && !here) {
                throw notFound(id);
            }
            if (here) {
                it.remove(id);
                it.dequeue(id);
            }
            return Response.empty(204);
        });
    }

    /** Null when there is no such image for the caller; faults with FORBIDDEN. */
    private @Nullable Image image(Request request, String id, PolicyRule rule) {
        return transactions.read(tx -> {
            try {
                Image image = access.see(tx, request.caller(), id);
                access.enforce(tx, request.caller(), image, rule);
                return image;
            } catch (FaultException e) {
                if (e.is(Fault.Kind.NOT_FOUND)) {
                    return null;
                }
                throw e;
            }
        });
    }

    private static RuntimeException notFound(String id) {
        return Fault.notFound("Image " + id + " not found.");
    }

    private interface Work {
        Response run() throws IOException;
    }

    private static Response ok(Work work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw Fault.unavailable("The image cache cannot be used.").because(e);
        }
    }
}
