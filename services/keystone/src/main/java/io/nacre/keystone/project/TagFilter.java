package io.nacre.keystone.project;

import io.nacre.http.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters {@code tags}, {@code tags-any}, {@code not-tags} and {@code not-tags-any} (API SIG "Tags"); empty
 * where one was not sent.
 */
record TagFilter(List<String> all, List<String> any, List<String> notAll, List<String> notAny) {

    static TagFilter of(Query query) {
        return new TagFilter(
                tags(query.get("tags")),
                tags(query.get("tags-any")),
                tags(query.get("not-tags")),
                tags(query.get("not-tags-any")));
    }

    private static List<String> tags(@Nullable String commaSeparated) {
        return commaSeparated == null
                ? List.of()
                : List.of(commaSeparated.split(",")).stream().distinct().toList();
    }
}
