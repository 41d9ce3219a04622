package io.nacre.keystone.entity;

import io.nacre.http.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One condition on a listing: {@code name=x}, {@code name__contains=x}, {@code name__istartswith=x} ... */
public record Filter(String attribute, Match match, boolean ignoreCase, String value) {

    /** How the value is compared; moments in their ISO form with the last six. */
    public enum Match {
        EQUALS,
        CONTAINS,
        STARTSWITH,
        ENDSWITH,
        DIFFERS,
        BEFORE,
        NOT_AFTER,
        AFTER,
        NOT_BEFORE
    }

    private static final Map<String, Match> COMPARATORS = Map.of(
            "contains", Match.CONTAINS,
            "startswith", Match.STARTSWITH,
            "endswith", Match.ENDSWITH);

    public static Filter equal(String attribute, String value) {
        return new Filter(attribute, Match.EQUALS, false, value);
    }

    /** The query's conditions on these attributes; other names, and comparators that do not exist, are ignored. */
    public static List<Filter> of(Query query, String... attributes) {
        Set<String> known = Set.of(attributes);
        List<Filter> filters = new ArrayList<>();
        for (String name : query.names()) {
            String value = query.get(name);
            int at = name.indexOf("__");
            String attribute = at < 0 ? name : name.substring(0, at);
            if (value == null || !known.contains(attribute)) {
                continue;
            }
            if (at < 0) {
                filters.add(equal(attribute, value));
            } else {
                add(filters, attribute, name.substring(at + 2), value);
            }
        }
        return filters;
    }

    private static void add(List<Filter> filters, String attribute, String comparator, String value) {
        boolean ignoreCase = comparator.startsWith("i");
        String plain = ignoreCase ? comparator.substring(1) : comparator;
        Match match = COMPARATORS.get(plain);
        if (match != null) {
            filters.add(new Filter(attribute, match, ignoreCase, value));
        }
    }

    /** A value for a boolean attribute: everything is true but the words that oslo takes as false. */
    public boolean truth() {
        return !Set.of("0", "f", "false", "off", "n", "no")
                .contains(value.strip().toLowerCase(Locale.ROOT));
    }
}
