package io.nacre.policy;

import io.nacre.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/**
 * Reads an operator's policy file: JSON, or the part of YAML that such files are written in, one {@code "name": "check"}
 * to a line with comments between them. A check may be quoted or not, a JSON list in the old syntax, or text on the
 * indented lines that follow ({@code >}, {@code |}). Everything else of YAML is refused with its line.
 */
final class PolicyFile {
    private static final Pattern ENTRY =
            Pattern.compile("(?:\"([^\"]+)\"|'([^']+)'|([^\\s\"'#\\[\\]{},&*!|>%@`-][^\\s\"'#]*?))\\s*:(?:\\s+(.*))?");
    private static final Pattern LITERAL = Pattern.compile("[>|][+-]?");

    private PolicyFile() {}

    /** @throws IllegalArgumentException that names the line or the rule at fault */
    static Map<String, Expression> read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("the policy file " + file + " cannot be read: " + e, e);
        }
        Map<String, Object> entries =
                text.strip().startsWith("{") ? json(text) : yaml(text.lines().toList());
        Map<String, Expression> rules = new LinkedHashMap<>();
        entries.forEach((name, check) -> rules.put(name, parse(name, check)));
        return rules;
    }

    static Expression parse(String name, Object check) {
        try {
            return switch (check) {
                case String text -> RuleParser.parse(text);
                case List<?> list -> RuleParser.parse(list);
                default -> throw new IllegalArgumentException("it must be a text or a list");
            };
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("policy rule \"" + name + "\": \"" + check + "\": " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> json(String text) {
        try {
            return Json.MAPPER.readValue(text, new TypeReference<Map<String, Object>>() {});
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the policy file is no JSON object: " + e.getOriginalMessage(), e);
        }
    }

    private static Map<String, Object> yaml(List<String> lines) {
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).stripTrailing();
            if (line.isBlank() || line.stripLeading().startsWith("#") || line.equals("---") || line.equals("{}")) {
                continue;
            }
            Matcher matcher = ENTRY.matcher(line);
            if (!matcher.matches()) {
                throw refused(i, line);
            }
            StringBuilder value = new StringBuilder(matcher.group(4) == null ? "" : matcher.group(4));
            int first = i;
            while (i + 1 < lines.size() && isContinuation(lines.get(i + 1))) {
                value.append('\n').append(lines.get(++i).strip());
            }
            String name = matcher.group(1) != null
                    ? matcher.group(1)
                    : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            if (entries.put(name, value(first, value.toString())) != null) {
                throw new IllegalArgumentException("line " + (first + 1) + ": \"" + name + "\" stands there twice");
            }
        }
        return entries;
    }

    private static boolean isContinuation(String line) {
        return !line.isBlank()
                && Character.isWhitespace(line.charAt(0))
                && !line.stripLeading().startsWith("#");
    }

    private static Object value(int line, String written) {
        String text = written.strip();
        int end = text.indexOf('\n');
        if (LITERAL.matcher(end < 0 ? text : text.substring(0, end)).matches()) {
            return end < 0 ? "" : text.substring(end + 1).replace('\n', ' ');
        }
        if (text.isEmpty()) {
            throw refused(line, "a rule without a check; write \"\" for one that always allows");
        }
        return switch (text.charAt(0)) {
            case '"', '\'' -> quoted(line, text);
            case '[' -> list(line, text);
            case '&', '*', '{', '%', '`', '|', '>', '?', '-' -> throw refused(line, text);
            default -> uncommented(text).replace('\n', ' ');
        };
    }

    private static String quoted(int line, String text) {
        char quote = text.charAt(0);
        StringBuilder out = new StringBuilder();
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote && quote == '\'' && i + 1 < text.length() && text.charAt(i + 1) == quote) {
                out.append(quote);
                i++;
            } else if (c == quote) {
                String rest = text.substring(i + 1).strip();
                if (rest.isEmpty() || rest.startsWith("#")) {
                    return out.toString();
                }
                throw refused(line, text);
            } else if (c == '\\' && quote == '"') {
                if (i + 1 == text.length() || "\"\\/".indexOf(text.charAt(i + 1)) < 0) {
                    throw refused(line, text);
                }
                out.append(text.charAt(++i));
            } else {
                out.append(c == '\n' ? ' ' : c);
            }
        }
        throw refused(line, "the quote is not closed: " + text);
    }

    private static List<Object> list(int line, String text) {
        try {
            return Json.MAPPER.readValue(uncommented(text), new TypeReference<List<Object>>() {});
        } catch (JacksonException e) {
            throw new IllegalArgumentException("line " + (line + 1) + ": not a list of checks: " + text, e);
        }
    }

    private static String uncommented(String text) {
        int hash = text.indexOf(" #");
        return hash < 0 ? text : text.substring(0, hash).strip();
    }

    private static IllegalArgumentException refused(int line, String text) {
        return new IllegalArgumentException(
                "line " + (line + 1) + " of the policy file is not of the form \"name\": \"check\": " + text.strip());
    }
}
