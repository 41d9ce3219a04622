package io.nacre.keystone.mapping.rule;

import io.nacre.base.Fault;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a rule asks of one attribute.
 *
 * @param listed whether a value is among those that the condition lists
 */
record Requirement(String attribute, Condition condition, Predicate<String> listed) {

    /** What must be so, and whether the values go to the templates. */
    enum Condition {
        PRESENT(true),
        ANY_ONE_OF(false),
        NOT_ANY_OF(false),
        BLACKLIST(true),
        WHITELIST(true);

        private final boolean mapped;

        Condition(boolean mapped) {
            this.mapped = mapped;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Requirement of(JsonNode node) {
        String attribute = node.get("type").asString();
        for (Condition condition : Condition.values()) {
            JsonNode values = node.get(condition.word());
            if (values != null && condition != Condition.PRESENT) {
                List<String> texts =
                        values.valueStream().map(JsonNode::asString).toList();
                return new Requirement(
                        attribute, condition, listed(texts, node.path("regex").asBoolean(false)));
            }
        }
        return new Requirement(attribute, Condition.PRESENT, value -> true);
    }

    private static Predicate<String> listed(List<String> texts, boolean regex) {
        if (!regex) {
            return texts::contains;
        }
        List<Pattern> patterns = texts.stream().map(Requirement::pattern).toList();
        return value ->
                patterns.stream().anyMatch(pattern -> pattern.matcher(value).find());
    }

    /** Python's regular expressions, where Java writes them otherwise. */
    private static Pattern pattern(String text) {
        String translated = text.replace("(?P<", "(?<")
                .replaceAll("\\(\\?P=(\\w+)\\)", "\\\\k<$1>")
                .replace("\\Z", "\\z");
        try {
            return Pattern.compile(translated);
        } catch (PatternSyntaxException e) {
            throw Fault.invalid("Invalid input for field 'rules': the regular expression " + text
                            + " is not well formed: " + e.getDescription() + ".")
                    .because(e);
        }
    }

    /** Whether its values have a number in the templates. */
    boolean isMapped() {
        return condition.mapped;
    }

    /** The values for the templates, none when it has no number there; null when it is not met. */
    @Nullable
    List<String> meet(Assertion assertion) {
        List<String> values = assertion.values(attribute);
        if (values.isEmpty()) {
            return null;
        }
        boolean any = values.stream().anyMatch(listed);
        return switch (condition) {
            case PRESENT -> values;
            case ANY_ONE_OF -> any ? List.of() : null;
            case NOT_ANY_OF -> any ? null : List.of();
            case WHITELIST -> distinct(values, listed);
            case BLACKLIST -> distinct(values, listed.negate());
        };
    }

    private static List<String> distinct(List<String> values, Predicate<String> kept) {
        return new ArrayList<>(new LinkedHashSet<>(values.stream().filter(kept).toList()));
    }
}
