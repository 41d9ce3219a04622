package io.nacre.keystone.mapping.rule;

import io.nacre.base.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text of a rule's local part with places for what was asserted: {@code {0}} for the values of the first requirement
 * that hands on any, {@code {}} for those of the next one. Doubled braces stand for themselves.
 */
final class Template {
    private static final Pattern PART = Pattern.compile("\\{\\{|}}|\\{(\\d{0,4})}|[^{}]+");

    /** Either literal text or the number of a place. */
    private record Part(String text, int place) {}

    private static final int NONE = -1;

    private final List<Part> parts;

    private Template(List<Part> parts) {
        this.parts = parts;
    }

    /** Faults with INVALID when the braces do not fit. */
    static Template of(String text) {
        List<Part> parts = new ArrayList<>();
        Matcher matcher = PART.matcher(text);
        int at = 0;
        int next = 0;
        while (at < text.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw Fault.invalid("Invalid input for field 'rules': the braces in " + text + " do not fit.");
            }
            String found = matcher.group();
            if (found.equals("{{") || found.equals("}}")) {
                parts.add(new Part(found.substring(1), NONE));
            } else if (found.startsWith("{")) {
                parts.add(new Part("", found.equals("{}") ? next++ : Integer.parseInt(matcher.group(1))));
            } else {
                parts.add(new Part(found, NONE));
            }
            at = matcher.end();
        }
        return new Template(List.copyOf(parts));
    }

    /** Whether nothing that was asserted comes into it. */
    boolean isLiteral() {
        return parts.stream().allMatch(part -> part.place() == NONE);
    }

    /** What it stands for, each: the values themselves where it is nothing but their place. */
    List<String> each(List<List<String>> values) {
        return parts.size() == 1 && !isLiteral() ? values(parts.getFirst().place(), values) : List.of(text(values));
    }

    /** The text; empty where an attribute had no value left. */
    String text(List<List<String>> values) {
        return parts.stream()
                .map(part -> part.place() == NONE ? part.text() : joined(values(part.place(), values)))
                .collect(Collectors.joining());
    }

    private static List<String> values(int place, List<List<String>> values) {
        if (place >= values.size()) {
            throw Fault.internal(
                    "Local section in mapping refers to a remote match that doesn't exist: {" + place + "}.");
        }
        return values.get(place);
    }

    /** Several values in one text look as they do in the original. */
    private static String joined(List<String> values) {
        return switch (values.size()) {
            case 0 -> "";
            case 1 -> values.getFirst();
            default -> values.stream().map(value -> "'" + value + "'").collect(Collectors.joining(", ", "[", "]"));
        };
    }
}
