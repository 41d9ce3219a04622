package io.nacre.http;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code limit}, {@code marker}, {@code sort_key} and {@code sort_dir}, and makes the link to the next page. */
public final class Paging {
    private Paging() {}

    /**
     * @param maximum how many items a page has at the most, also when no limit is asked for
     * @param defaults the order when none is asked for
     */
    public static Page of(Request request, int maximum, List<Page.Sort> defaults) {
        Query query = request.query();
        Integer limit = query.integer("limit", 0, Integer.MAX_VALUE);
        return new Page(
                limit == null ? maximum : Math.min(limit, maximum),
                query.get("marker"),
                sorts(query, defaults),
                Boolean.TRUE.equals(query.bool("page_reverse")));
    }

    /** {@code sort_key=a&sort_dir=asc&sort_key=b...} or {@code sort=a:asc,b:desc}. */
    private static List<Page.Sort> sorts(Query query, List<Page.Sort> defaults) {
        List<Page.Sort> sorts = new ArrayList<>();
        String combined = query.get("sort");
        if (combined != null) {
            for (String part : combined.split(",")) {
                String[] words = part.trim().split(":");
                sorts.add(new Page.Sort(words[0], ascending(words.length > 1 ? words[1] : "desc")));
            }
            return sorts;
        }
        List<String> keys = query.all("sort_key");
        List<String> directions = query.all("sort_dir");
        for (int i = 0; i < keys.size(); i++) {
            boolean first = defaults.isEmpty() || defaults.getFirst().ascending();
            sorts.add(new Page.Sort(
                    keys.get(i),
                    directions.isEmpty() ? first : ascending(directions.get(Math.min(i, directions.size() - 1)))));
        }
        if (sorts.isEmpty() && !directions.isEmpty() && !defaults.isEmpty()) {
            return List.of(new Page.Sort(defaults.getFirst().key(), ascending(directions.getFirst())));
        }
        return sorts.isEmpty() ? defaults : sorts;
    }

    private static boolean ascending(String direction) {
        return switch (direction) {
            case "asc" -> true;
            case "desc" -> false;
            default -> throw Fault.invalid("Unknown sort direction '" + direction + "', must be 'desc' or 'asc'.");
        };
    }

    /** The URL of the page after this one, null when this one was not full. */
    public static <T> @Nullable String next(Request request, Page page, List<T> items, Function<T, String> id) {
        if (items.isEmpty() || items.size() < page.limit()) {
            return null;
        }
        return request.url(Map.of("marker", id.apply(items.getLast())));
    }
}
