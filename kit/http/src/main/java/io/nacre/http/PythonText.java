package io.nacre.http;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON as Python's repr writes it, which error messages of the original quote. */
final class PythonText {
    /** Characters after which a value is cut off. */
    private static final int LONGEST = 1000;

    private PythonText() {}

    static String of(@Nullable JsonNode value) {
        String text = whole(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    private static String whole(@Nullable JsonNode value) {
        if (value == null) {
            return "None";
        }
        return switch (value.getNodeType()) {
            case NULL, MISSING -> "None";
            case BOOLEAN -> value.booleanValue() ? "True" : "False";
            case STRING -> quoted(value.stringValue());
            case ARRAY -> value.valueStream().map(PythonText::whole).collect(Collectors.joining(", ", "[", "]"));
            case OBJECT ->
                value.propertyStream()
                        .map(one -> quoted(one.getKey()) + ": " + whole(one.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    static String quoted(@Nullable String text) {
        String escaped = String.valueOf(text)
                .replace("\\", "\\\\")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t");
        if (escaped.contains("'") && !escaped.contains("\"")) {
            return "\"" + escaped + "\"";
        }
        return "'" + escaped.replace("'", "\\'") + "'";
    }
}
