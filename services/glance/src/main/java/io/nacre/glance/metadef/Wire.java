package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.glance.Pages;
import io.nacre.http.Query;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** How every resource of this package is written and read. */
final class Wire {
    static final String NAMESPACES = "/v2/metadefs/namespaces";
    static final String NAMESPACE = NAMESPACES + "/{namespace}";

    private static final List<String> READ_ONLY = List.of("self", "schema", "created_at", "updated_at");

    private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[^\\p{Cc}\\p{Cs}]+");

    private Wire() {}

    static String path(Namespace namespace) {
        return NAMESPACES + "/" + namespace.namespace();
    }

    /** A path as a header may hold it. */
    static String location(String path) {
        try {
            return new URI(null, null, path, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a path that is none: " + path, e);
        }
    }

    /** What has no value is not shown. */
    static Map<String, Object> known(Map<String, @Nullable Object> shown) {
        Map<String, Object> known = new LinkedHashMap<>();
        shown.forEach((name, value) -> {
            if (value != null) {
                known.put(name, value);
            }
        });
        return known;
    }

    /** Faults with FORBIDDEN for what only glance itself may write. */
    static void requireWritable(JsonNode body) {
        for (String name : READ_ONLY) {
            if (body.has(name)) {
                throw Fault.forbidden("Attribute '" + name + "' is read-only.");
            }
        }
    }

    /** A name as a path can hold it; faults with INVALID. */
    static String name(String name) {
        if (!NAME.matcher(name).matches()) {
            throw Fault.invalid("A name must not be empty, '.' or '..', and must have no control characters in it.");
        }
        return name;
    }

    /** The name that a body which fits its schema has. */
    static String nameIn(JsonNode body) {
        return body.get("name").stringValue();
    }

    static @Nullable String text(JsonNode body, String name) {
        JsonNode value = body.get(name);
        return value == null ? null : value.stringValue();
    }

    /** One key, then when they were made. */
    static List<Page.Sort> sorts(Query query) {
        boolean ascending = Pages.ascending(Objects.requireNonNullElse(query.get("sort_dir"), "desc"));
        String key = Objects.requireNonNullElse(query.get("sort_key"), "created_at");
        return List.of(
                new Page.Sort(key, ascending), new Page.Sort("created_at", ascending), new Page.Sort("id", ascending));
    }
}
