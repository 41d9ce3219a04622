package io.nacre.http;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
    private static final String NONE = " is not valid under any of the given schemas";

    static Violation of(String schema, JsonNode body, Error error) {
        NodePath location = error.getInstanceLocation();
        int alternatives = alternatives(error.getEvaluationPath());
        List<String> path = IntStream.range(0, alternatives < 0 ? location.getNameCount() : alternatives)
                .mapToObj(i -> String.valueOf(location.getElement(i)))
                .toList();
        JsonNode instance = alternatives < 0 ? error.getInstanceNode() : at(body, location, alternatives);
        boolean secret = path.stream().anyMatch(name -> SECRET.matcher(name).matches()) || holdsSecret(instance);
        String value = secret ? HIDDEN : PythonText.of(instance);
        String message = alternatives < 0 ? message(error, value) : value + NONE;
        return new Violation(schema, path, value, message);
    }

    /**
     * How many steps into the body the value is that fits none of several schemas; -1 when the error is not from within
     * such a choice.
     */
    private static int alternatives(NodePath evaluation) {
        int steps = 0;
        for (int i = 0; i < evaluation.getNameCount() - 1; i++) {
            switch (String.valueOf(evaluation.getElement(i))) {
                case "anyOf", "oneOf" -> {
                    return steps;
                }
                case "properties", "patternProperties", "prefixItems" -> {
                    steps++;
                    i++;
                }
                case "items", "additionalProperties", "unevaluatedProperties" -> steps++;
                case "allOf", "dependentSchemas" -> i++;
                default -> {}
            }
        }
        return -1;
    }

    private static JsonNode at(JsonNode body, NodePath location, int steps) {
        JsonNode node = body;
        for (int i = 0; i < steps; i++) {
            node = location.getElement(i) instanceof Integer index
                    ? node.path(index)
                    : node.path(String.valueOf(location.getElement(i)));
        }
        return node;
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
            case "oneOf" -> value + several(rule, error.getArguments());
            default -> error.getMessage();
        };
    }

    /** @param arguments how many fit, and their places, such as "0, 2" */
    private static String several(@Nullable JsonNode rule, Object[] arguments) {
        String places = String.valueOf(arguments[arguments.length - 1]);
        if (rule == null || places.isEmpty()) {
            return NONE;
        }
        List<String> fit = new ArrayList<>(Arrays.stream(places.split(", ", -1))
                .map(place -> PythonText.of(rule.path(Integer.parseInt(place))))
                .toList());
        Collections.rotate(fit, -1);
        return " is valid under each of " + String.join(", ", fit);
    }

    private static String types(@Nullable JsonNode rule) {
        if (rule == null || !rule.isArray()) {
            return PythonText.of(rule);
        }
        return rule.valueStream().map(PythonText::of).collect(Collectors.joining(", "));
    }
}
