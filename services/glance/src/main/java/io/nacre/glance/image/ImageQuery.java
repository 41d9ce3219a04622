package io.nacre.glance.image;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.glance.Pages;
import io.nacre.http.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads a listing's query string: filters, order and page (API reference "List images"). */
final class ImageQuery {
    private static final Set<String> PAGING = Set.of(
            "limit",
            "marker",
            "sort",
            "sort_key",
            "sort_dir",
            "tag",
            "visibility",
            "os_hidden",
            "member_status",
            // Nobody sees deleted images here, whatever they ask.
            "deleted");
    private static final List<String> SORT_KEYS =
            List.of("name", "status", "container_format", "disk_format", "size", "id", "created_at", "updated_at");
    private static final List<String> VISIBILITIES = List.of("community", "public", "private", "shared", "all");
    private static final List<String> MEMBER_STATUSES = List.of("pending", "accepted", "rejected", "all");

    private ImageQuery() {}

    static ImageFilter filter(Query query, @Nullable String project, boolean admin) {
        String visibility = query.get("visibility");
        if (visibility != null && !visibility.isEmpty() && !VISIBILITIES.contains(visibility)) {
            throw Fault.invalid("Invalid visibility value: " + visibility);
        }
        String memberStatus = query.get("member_status");
        if (memberStatus != null && !MEMBER_STATUSES.contains(memberStatus)) {
            throw Fault.invalid("Invalid status: " + memberStatus);
        }
        if (query.has("changes-since")) {
            throw Fault.invalid("The \"changes-since\" filter is no longer available on v2.");
        }
        Map<String, String> fields = new TreeMap<>();
        for (String name : query.names()) {
            String value = query.get(name);
            if (!PAGING.contains(name) && value != null) {
                fields.put(name, value);
            }
        }
        String hidden = query.get("os_hidden");
        return new ImageFilter(
                project,
                admin,
                memberStatus == null ? "accepted" : memberStatus,
                visibility,
                hidden != null && ImageConditions.bool("os_hidden", hidden),
                query.all("tag").stream().map(String::strip).toList(),
                fields);
    }

    static Page page(Query query) {
        return new Page(Pages.limit(query), query.get("marker"), sorts(query), false);
    }

    private static List<Page.Sort> sorts(Query query) {
        List<Page.Sort> sorts = new ArrayList<>();
        List<String> keys = query.all("sort_key");
        List<String> directions = query.all("sort_dir");
        boolean last = false;
        if (query.has("sort")) {
            if (!keys.isEmpty() || !directions.isEmpty()) {
                throw Fault.invalid("Old and new sorting syntax cannot be combined");
            }
            for (String part : String.valueOf(query.get("sort")).split(",")) {
                String[] words = part.split(":", 2);
                sorts.add(new Page.Sort(key(words[0]), words.length > 1 && Pages.ascending(words[1])));
            }
        } else {
            if (directions.size() > 1 && directions.size() != Math.max(keys.size(), 1)) {
                throw Fault.invalid("Number of sort dirs does not match the number of sort keys");
            }
            last = directions.size() == 1 && Pages.ascending(directions.getFirst());
            for (int i = 0; i < keys.size(); i++) {
                boolean ascending = directions.size() > 1 ? Pages.ascending(directions.get(i)) : last;
                sorts.add(new Page.Sort(key(keys.get(i)), ascending));
            }
        }
        for (String key : List.of("created_at", "id")) {
            if (sorts.stream().noneMatch(sort -> sort.key().equals(key))) {
                sorts.add(new Page.Sort(key, last));
            }
        }
        return sorts;
    }

    private static String key(String raw) {
        String key = raw.strip();
        if (!SORT_KEYS.contains(key)) {
            throw Fault.invalid("Invalid sort key: " + key + ". It must be one of the following: "
                    + String.join(", ", SORT_KEYS) + ".");
        }
        return key;
    }
}
