package io.nacre.keystone.endpoint;

import io.nacre.base.Fault;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An endpoint's URL with places to fill in: {@code $(project_id)s}, or {@code %(project_id)s} as it was once written. */
public final class UrlTemplate {
    private static final Pattern PLACE = Pattern.compile("[$%]\\(([a-z_]+)\\)s");
    private static final Pattern STRAY = Pattern.compile("[$%]\\(|%(?![0-9A-Fa-f]{2})");

    private UrlTemplate() {}

    /** Faults with INVALID when something else is to be filled in than can be. */
    static void requireValid(String url) {
        Map<String, String> all = Map.of("project_id", "x", "tenant_id", "x", "user_id", "x");
        Optional<String> filled = fill(url, all);
        if (filled.isEmpty() || STRAY.matcher(filled.get()).find()) {
            throw Fault.invalid("Cannot create an endpoint with an invalid URL: " + url + ".");
        }
    }

    /** Empty when the URL needs a value that is not given, such as a project for a token of the system. */
    public static Optional<String> fill(String url, Map<String, String> values) {
        Matcher matcher = PLACE.matcher(url);
        StringBuilder out = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                return Optional.empty();
            }
            matcher.appendReplacement(out, Matcher.quoteReplacement(value));
        }
        return Optional.of(matcher.appendTail(out).toString());
    }
}
