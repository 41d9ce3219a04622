package io.nacre.keystone.mapping.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Several texts in one: a list in Python's notation, which a rule may hold in place of a template. */
final class Literals {
    private static final String TEXT = "'((?:[^'\\\\]|\\\\.)*)'|\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final Pattern ONE = Pattern.compile(TEXT);
    private static final Pattern LIST =
            Pattern.compile("\\s*\\[\\s*(?:(?:" + TEXT + ")\\s*(?:,\\s*(?:" + TEXT + ")\\s*)*,?\\s*)?]\\s*");

    private Literals() {}

    /** What the rule's author wrote may be a list, what was asserted is text. */
    static List<String> each(Template template, List<List<String>> values) {
        return template.isLiteral() ? read(template.text(values)) : template.each(values);
    }

    private static List<String> read(String text) {
        if (!LIST.matcher(text).matches()) {
            return List.of(text);
        }
        List<String> texts = new ArrayList<>();
        Matcher matcher = ONE.matcher(text);
        while (matcher.find()) {
            String single = matcher.group(1);
            texts.add((single == null ? matcher.group(2) : single).replaceAll("\\\\(.)", "$1"));
        }
        return texts;
    }
}
