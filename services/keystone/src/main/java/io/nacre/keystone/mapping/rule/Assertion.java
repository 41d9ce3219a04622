package io.nacre.keystone.mapping.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an identity provider says of somebody: the values of each attribute. */
public record Assertion(Map<String, List<String>> attributes) {

    public Assertion {
        attributes = Map.copyOf(attributes);
    }

    /** Where several values of an attribute stand in one text, parted by semicolons. */
    public static Assertion ofTexts(Map<String, String> texts) {
        Map<String, List<String>> attributes = new LinkedHashMap<>();
        texts.forEach((name, text) -> attributes.put(name, List.of(text.split(";", -1))));
        return new Assertion(attributes);
    }

    List<String> values(String attribute) {
        return attributes.getOrDefault(attribute, List.of());
    }

    /** The only value of an attribute; null when it has none or several. */
    public @Nullable String only(String attribute) {
        List<String> values = values(attribute);
        return values.size() == 1 ? values.getFirst() : null;
    }
}
