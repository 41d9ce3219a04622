package io.nacre.policy;

import io.nacre.policy.Expression.All;
import io.nacre.policy.Expression.Any;
import io.nacre.policy.Expression.Attribute;
import io.nacre.policy.Expression.Constant;
import io.nacre.policy.Expression.Literal;
import io.nacre.policy.Expression.Not;
import io.nacre.policy.Expression.Reference;
import io.nacre.policy.Expression.Role;
import io.nacre.policy.Expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads oslo.policy's language: {@code not} binds closer than {@code and}, {@code and} closer than {@code or}. The
 * original turns what it cannot read into a rule that never allows; here it is an error that says what is wrong.
 */
final class RuleParser {
    private static final int DEEPEST = 100;
    private static final Pattern KEY = Pattern.compile("%\\(([^()]+)\\)s|%%");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

    private final List<String> tokens;
    private int next;

    private RuleParser(List<String> tokens) {
        this.tokens = tokens;
    }

    /** @throws IllegalArgumentException that says what is wrong with the text */
    static Expression parse(String text) {
        List<String> tokens = split(text);
        if (tokens.isEmpty()) {
            return new Constant(true);
        }
        RuleParser parser = new RuleParser(tokens);
        Expression whole = parser.any(0);
        if (parser.next < tokens.size()) {
            throw new IllegalArgumentException("'" + tokens.get(parser.next) + "' is not expected there");
        }
        return whole;
    }

    /**
     * The language before the present one: a list of alternatives, each a list of checks that must all hold, or a
     * single check.
     */
    static Expression parse(List<?> alternatives) {
        if (alternatives.isEmpty()) {
            return new Constant(true);
        }
        List<Expression> any = new ArrayList<>();
        for (Object alternative : alternatives) {
            List<?> checks = alternative instanceof List<?> list ? list : List.of(alternative);
            if (!checks.isEmpty()) {
                any.add(all(checks));
            }
        }
        return any.isEmpty() ? new Constant(false) : any.size() == 1 ? any.getFirst() : new Any(any);
    }

    private static Expression all(List<?> checks) {
        List<Expression> all = new ArrayList<>();
        for (Object check : checks) {
            if (!(check instanceof String text)) {
                throw new IllegalArgumentException("a list may hold checks only, not " + check);
            }
            all.add(check(text.strip()));
        }
        return all.size() == 1 ? all.getFirst() : new All(all);
    }

    /** Words and parentheses; a parenthesis at the start or end of a word stands for itself, one inside does not. */
    private static List<String> split(String text) {
        List<String> tokens = new ArrayList<>();
        for (String word : text.strip().split("\\s+", -1)) {
            int from = 0;
            while (from < word.length() && word.charAt(from) == '(') {
                tokens.add("(");
                from++;
            }
            int to = word.length();
            while (to > from && word.charAt(to - 1) == ')') {
                to--;
            }
            if (to > from) {
                tokens.add(word.substring(from, to));
            }
            for (int i = to; i < word.length(); i++) {
                tokens.add(")");
            }
        }
        return tokens;
    }

    private Expression any(int depth) {
        List<Expression> operands = new ArrayList<>();
        operands.add(all(depth));
        while (takes("or")) {
            operands.add(all(depth));
        }
        return operands.size() == 1 ? operands.getFirst() : new Any(operands);
    }

    private Expression all(int depth) {
        List<Expression> operands = new ArrayList<>();
        operands.add(one(depth));
        while (takes("and")) {
            operands.add(one(depth));
        }
        return operands.size() == 1 ? operands.getFirst() : new All(operands);
    }

    private Expression one(int depth) {
        if (depth > DEEPEST) {
            throw new IllegalArgumentException("it is nested more than " + DEEPEST + " levels deep");
        }
        if (takes("not")) {
            return new Not(one(depth + 1));
        }
        if (takes("(")) {
            Expression inside = any(depth + 1);
            if (!takes(")")) {
                throw new IllegalArgumentException("a closing parenthesis is missing");
            }
            return inside;
        }
        if (next == tokens.size()) {
            throw new IllegalArgumentException("it ends where a check is expected");
        }
        return check(tokens.get(next++));
    }

    private boolean takes(String token) {
        if (next < tokens.size() && tokens.get(next).toLowerCase(Locale.ROOT).equals(token)) {
            next++;
            return true;
        }
        return false;
    }

    private static Expression check(String text) {
        if (text.equals("@") || text.equals("!")) {
            return new Constant(text.equals("@"));
        }
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("'" + text + "' is not a check of the form kind:match");
        }
        String kind = text.substring(0, colon);
        String match = text.substring(colon + 1);
        return switch (kind) {
            case "rule" -> new Reference(match);
            case "role" -> new Role(template(match.toLowerCase(Locale.ROOT), match));
            case "field" -> field(match);
            case "http", "https" ->
                throw new IllegalArgumentException("checks that ask another server (" + kind + ":) are not supported");
            default -> {
                String literal = literal(kind);
                yield literal == null
                        ? new Attribute(kind, template(match, match))
                        : new Literal(literal, kind, template(match, match));
            }
        };
    }

    /** {@code resource:name=value} or {@code resource:name=~pattern}. */
    private static Expression field(String match) {
        int colon = match.indexOf(':');
        int equals = match.indexOf('=', colon);
        if (colon <= 0 || equals <= colon + 1) {
            throw new IllegalArgumentException("'field:" + match + "' is not of the form field:resource:name=value");
        }
        String value = match.substring(equals + 1);
        Pattern pattern = value.startsWith("~") ? Pattern.compile(value.substring(1)) : null;
        return new Expression.Field(match, match.substring(colon + 1, equals), value, pattern);
    }

    /** A fixed value on the left, as its text: a quoted string, a number, True, False or None; null for a name. */
    private static @Nullable String literal(String kind) {
        char first = kind.charAt(0);
        if (first == '\'' || first == '"') {
            if (kind.length() < 2 || kind.charAt(kind.length() - 1) != first) {
                throw new IllegalArgumentException("the quote in " + kind + " is not closed");
            }
            return kind.substring(1, kind.length() - 1);
        }
        boolean value = kind.equals("True") || kind.equals("False") || kind.equals("None");
        return value || NUMBER.matcher(kind).matches() ? kind : null;
    }

    /** @param text the fixed parts are taken from here, the keys from {@code original} (roles ignore case, keys don't) */
    private static Template template(String text, String original) {
        List<Template.Part> parts = new ArrayList<>();
        StringBuilder fixed = new StringBuilder();
        Matcher matcher = KEY.matcher(original);
        int from = 0;
        while (matcher.find()) {
            fixed.append(plain(text, from, matcher.start()));
            if (matcher.group(1) == null) {
                fixed.append('%');
            } else {
                if (!fixed.isEmpty()) {
                    parts.add(new Template.Part(fixed.toString(), null));
                    fixed.setLength(0);
                }
                parts.add(new Template.Part(null, matcher.group(1)));
            }
            from = matcher.end();
        }
        fixed.append(plain(text, from, text.length()));
        if (!fixed.isEmpty()) {
            parts.add(new Template.Part(fixed.toString(), null));
        }
        return new Template(List.copyOf(parts));
    }

    private static String plain(String text, int from, int to) {
        String plain = text.substring(from, to);
        if (plain.indexOf('%') >= 0) {
            throw new IllegalArgumentException("a percent sign stands only in %(name)s and %%, not in '" + plain + "'");
        }
        return plain;
    }
}
