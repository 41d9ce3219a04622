package io.nacre.http;

import com.networknt.schema.Error;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON schema has against a value, in the words of Python's jsonschema, which the original's services hand on to
 * their users. A value that nobody should see twice, such as a password, is not repeated.
 *
 * @param schema its title; empty for one without
 * @param path the names and places that lead to the value; empty for the body itself
 * @param value as Python writes it
 * @param message such as {@code 'x' is not of type 'integer'}
 */
public record Violation(String schema, List<String> path, String value, String message) {
    static final String DETAIL = "violation";

    private static final Pattern SECRET =
            Pattern.compile("(?i)(.*[_.-])?(password|passcode|adminpass|secret|blob|token)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final String HIDDEN = "***";

    static Violation of(String schema, Error error) {
        JsonNode instance = error.getInstanceNode();
        List<String> path = IntStream.range(0, error.getInstanceLocation().getNameCount())
                .mapToObj(i -> String.valueOf(error.getInstanceLocation().getElement(i)))
                .toList();
        boolean secret = path.stream().anyMatch(name -> SECRET.matcher(name).matches()) || holdsSecret(instance);
        String value = secret ? HIDDEN : PythonText.of(instance);
        return new Violation(schema, path, value, message(error, value));
    }

    private static boolean holdsSecret(@Nullable JsonNode node) {
        return node != null
                && (node.propertyStream()
                                .anyMatch(one -> SECRET.matcher(one.getKey()).matches())
                        || node.valueStream().anyMatch(Violation::holdsSecret));
    }

    /** The field itself, without what it is in; empty for the body. */
    public String field() {
        return path.isEmpty() ? "" : path.getLast();
    }

    /** The message with the place of the value, as {@code str} of Python's error ends. */
    public String placed() {
        String where = path.stream()
                .map(step -> "[" + (NUMBER.matcher(step).matches() ? step : PythonText.quoted(step)) + "]")
                .collect(Collectors.joining());
        return message + "\n\nOn instance" + where + ":\n    " + value;
    }

    private static String message(Error error, String value) {
        JsonNode rule = error.getSchemaNode();
        String asked = PythonText.of(rule);
        return switch (error.getKeyword()) {
            case "type" -> value + " is not of type " + types(rule);
            case "enum" -> value + " is not one of " + asked;
            case "const" -> asked + " was expected";
            case "pattern" -> value + " does not match " + asked;
            case "format" -> value + " is not a " + asked;
            case "minLength", "minItems" -> value + " is too short";
            case "maxLength", "maxItems" -> value + " is too long";
            case "minimum" -> value + " is less than the minimum of " + asked;
            case "maximum" -> value + " is greater than the maximum of " + asked;
            case "exclusiveMinimum" -> value + " is less than or equal to the minimum of " + asked;
            case "exclusiveMaximum" -> value + " is greater than or equal to the maximum of " + asked;
            case "multipleOf" -> value + " is not a multiple of " + asked;
            case "uniqueItems" -> value + " has non-unique elements";
            case "minProperties" -> value + " does not have enough properties";
            case "maxProperties" -> value + " has too many properties";
            case "required" -> PythonText.quoted(error.getProperty()) + " is a required property";
            case "dependentRequired" -> {
                Object[] names = error.getArguments();
                yield PythonText.quoted(String.valueOf(names[0])) + " is a dependency of "
                        + PythonText.quoted(String.valueOf(names[names.length - 1]));
            }
            case "additionalProperties", "unevaluatedProperties" ->
                "Additional properties are not allowed (" + PythonText.quoted(error.getProperty()) + " was unexpected)";
            case "not" -> value + " should not be valid under " + asked;
            default -> error.getMessage();
        };
    }

    private static String types(@Nullable JsonNode rule) {
        if (rule == null || !rule.isArray()) {
            return PythonText.of(rule);
        }
        return rule.valueStream().map(PythonText::of).collect(Collectors.joining(", "));
    }
}
