package io.nacre.keystone.project;

import io.nacre.http.Query;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The query parameters {@code tags}, {@code tags-any}, {@code not-tags} and {@code not-tags-any} (API SIG "Tags"). */
final class TagFilter {
    private TagFilter() {}

    static Predicate<Project> of(Query query) {
        List<String> all = tags(query.get("tags"));
        List<String> any = tags(query.get("tags-any"));
        List<String> notAll = tags(query.get("not-tags"));
        List<String> notAny = tags(query.get("not-tags-any"));
        return project -> project.tags().containsAll(all)
                && (any.isEmpty() || overlap(project, any))
                && (notAll.isEmpty() || !project.tags().containsAll(notAll))
                && (notAny.isEmpty() || !overlap(project, notAny));
    }

    private static boolean overlap(Project project, List<String> tags) {
        return !Collections.disjoint(project.tags(), tags);
    }

    private static List<String> tags(@Nullable String commaSeparated) {
        return commaSeparated == null ? List.of() : List.of(commaSeparated.split(","));
    }
}
