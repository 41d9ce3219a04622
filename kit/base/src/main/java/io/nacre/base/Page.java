package io.nacre.base;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a listing is wanted, in which order.
 *
 * @param limit how many items at the most; already capped by the service's maximum
 * @param marker identifier of the last item of the page before, null for the first page
 * @param sorts in order of weight; the store appends the identifier so that the order is total
 * @param backwards the page before the marker instead of after it
 */
public record Page(int limit, @Nullable String marker, List<Sort> sorts, boolean backwards) {

    /** One sort key with its direction. */
    public record Sort(String key, boolean ascending) {}

    public static final Page ALL = new Page(Integer.MAX_VALUE, null, List.of(), false);
}
