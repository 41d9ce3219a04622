package io.nacre.glance;

import io.nacre.base.Fault;
import io.nacre.http.Query;
import io.nacre.http.Request;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What every listing has in common: how long a page is, in which direction it runs, and links to pages. */
public final class Pages {
    private static final int DEFAULT_LIMIT = 25;
    private static final int LARGEST_LIMIT = 1000;

    private Pages() {}

    public static int limit(Query query) {
        String limit = query.get("limit");
        if (limit == null) {
            return DEFAULT_LIMIT;
        }
        int items;
        try {
            items = new BigInteger(limit.strip())
                    .min(BigInteger.valueOf(LARGEST_LIMIT))
                    .max(BigInteger.valueOf(-1))
                    .intValue();
        } catch (NumberFormatException e) {
            throw Fault.invalid("limit param must be an integer").because(e);
        }
        if (items < 0) {
            throw Fault.invalid("limit param must be positive");
        }
        return items;
    }

    public static boolean ascending(String direction) {
        return switch (direction.strip()) {
            case "asc" -> true;
            case "desc", "" -> false;
            default -> throw Fault.invalid("Invalid sort direction: " + direction.strip());
        };
    }

    /** The listing's own address with another marker, or with none. */
    public static String link(Request request, @Nullable String marker) {
        Map<String, @Nullable String> changes = new LinkedHashMap<>();
        changes.put("marker", marker);
        String query = request.query().with(changes);
        return request.path() + (query.isEmpty() ? "" : "?" + query);
    }
}
