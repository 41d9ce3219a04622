package io.nacre.keystone.federation;

import java.util.Map;
import java.util.stream.Collectors;

/** The page on which a user says who knows them, when several identity providers could. */
final class ChoicePage {
    private ChoicePage() {}

    /** @param names of the identity providers, by the addresses where logging in with them goes on */
    static String of(Map<String, String> names) {
        String links = names.entrySet().stream()
                .map(each -> "<li><a href=\"" + Html.escaped(each.getKey()) + "\">" + Html.escaped(each.getValue())
                        + "</a></li>")
                .collect(Collectors.joining("\n  "));
        return Html.page("""
                <p>Log in with</p>
                <ul>
                  %s
                </ul>
                """.formatted(links));
    }
}
