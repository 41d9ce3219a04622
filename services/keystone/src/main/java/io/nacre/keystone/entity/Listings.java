package io.nacre.keystone.entity;

import io.nacre.http.Request;
import io.nacre.http.Response;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Collections that show no more members than the operator wants at once, and say when there are more. */
public final class Listings {
    private final int limit;

    /** @param limit 0 for none */
    public Listings(int limit) {
        this.limit = limit;
    }

    /** @param query finds as many members as it is asked for, when there are so many */
    public <T> Response collection(
            Request request,
            String name,
            IntFunction<List<T>> query,
            BiFunction<Request, ? super T, ? extends Map<String, ? extends @Nullable Object>> show) {
        List<T> found = query.apply(limit == 0 ? Integer.MAX_VALUE : limit + 1);
        boolean truncated = limit > 0 && found.size() > limit;
        List<T> shown = truncated ? found.subList(0, limit) : found;
        Map<String, @Nullable Object> container = Envelope.container(
                request,
                name,
                shown.stream().map(one -> show.apply(request, one)).toList());
        if (truncated) {
            container.put("truncated", true);
        }
        return Response.json(200, container);
    }
}
