package io.nacre.keystone.domainconfig;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that may be set for a domain.
 *
 * @param otherwise what counts where it is not set; null for nothing
 * @param choices the values of a {@link Kind#CHOICE}
 * @param secret whether it is kept sealed and never shown
 */
public record Option(
        String group, String name, Kind kind, @Nullable Object otherwise, List<String> choices, boolean secret) {

    /** What a value may be. Numbers and flags may be written as text, as files have them. */
    public enum Kind {
        TEXT,
        CHOICE,
        INTEGER,
        NUMBER,
        FLAG,
        /** An array of texts, or one text with commas. */
        LIST
    }

    static Option of(String group, String name, Kind kind, @Nullable Object otherwise) {
        return new Option(group, name, kind, otherwise, List.of(), false);
    }

    static Option choice(String group, String name, @Nullable String otherwise, String... choices) {
        return new Option(group, name, Kind.CHOICE, otherwise, List.of(choices), false);
    }

    static Option secret(String group, String name) {
        return new Option(group, name, Kind.TEXT, null, List.of(), true);
    }

    /** The JSON schema of a value. */
    String schema() {
        return switch (kind) {
            case TEXT -> "{\"type\": \"string\", \"maxLength\": 4096}";
            case CHOICE -> "{\"type\": \"string\", \"enum\": [\"" + String.join("\", \"", choices) + "\"]}";
            case INTEGER ->
                "{\"type\": [\"integer\", \"string\"], \"minimum\": -1, \"maximum\": 2147483647,"
                        + " \"pattern\": \"^(-1|[0-9]{1,9})$\"}";
            case NUMBER ->
                "{\"type\": [\"number\", \"string\"], \"minimum\": 0, \"maximum\": 86400,"
                        + " \"pattern\": \"^[0-9]{1,5}([.][0-9]{1,6})?$\"}";
            case FLAG ->
                "{\"type\": [\"boolean\", \"string\"], \"pattern\": \"^([Tt]rue|[Ff]alse|on|off|yes|no|1|0)$\"}";
            case LIST ->
                "{\"type\": [\"array\", \"string\"], \"maxLength\": 4096, \"maxItems\": 100,"
                        + " \"items\": {\"type\": \"string\", \"maxLength\": 255}}";
        };
    }
}
