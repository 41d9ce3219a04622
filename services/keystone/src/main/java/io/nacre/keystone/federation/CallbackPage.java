package io.nacre.keystone.federation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page with which a browser brings a token to the dashboard. */
final class CallbackPage {
    private static final Pattern PLACE = Pattern.compile("\\$(?:(host|token)\\b|\\{(host|token)})");
    private static final String OWN = Html.page("""
            <form id="sso" name="sso" action="$host" method="post">
              Please wait...
              <input type="hidden" name="token" id="token" value="$token">
              <noscript><input type="submit" value="Go on without JavaScript"></noscript>
            </form>
            <script>document.forms["sso"].submit();</script>
            """);

    private final @Nullable Path template;

    /** @param template an operator's page, with {@code $host} and {@code $token} in their places; null for Nacre's own */
    CallbackPage(@Nullable Path template) {
        this.template = template;
    }

    String of(String host, String token) {
        Map<String, String> values = Map.of("host", Html.escaped(host), "token", Html.escaped(token));
        return PLACE.matcher(template())
                .replaceAll(place -> Matcher.quoteReplacement(String.valueOf(values.get(name(place)))));
    }

    private static String name(MatchResult place) {
        return place.group(1) == null ? place.group(2) : place.group(1);
    }

    private String template() {
        try {
            return template == null ? OWN : Files.readString(template);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
