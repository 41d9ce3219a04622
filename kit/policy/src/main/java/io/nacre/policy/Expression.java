package io.nacre.policy;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A rule's text, understood but not yet resolved. {@code toString} gives text that parses to the same again. */
sealed interface Expression {

    /** What it is put together from; nothing for a check that stands for itself. */
    default List<Expression> parts() {
        return List.of();
    }

    /** The names of the rules that it refers to, not those that these refer to. */
    default Set<String> references() {
        return parts().stream().flatMap(part -> part.references().stream()).collect(Collectors.toSet());
    }

    record Constant(boolean value) implements Expression {
        @Override
        public String toString() {
            return value ? "@" : "!";
        }
    }

    record Not(Expression operand) implements Expression {
        @Override
        public List<Expression> parts() {
            return List.of(operand);
        }

        @Override
        public String toString() {
            return "not " + operand;
        }
    }

    record All(List<Expression> operands) implements Expression {
        @Override
        public List<Expression> parts() {
            return operands;
        }

        @Override
        public String toString() {
            return joined(operands, " and ");
        }
    }

    record Any(List<Expression> operands) implements Expression {
        @Override
        public List<Expression> parts() {
            return operands;
        }

        @Override
        public String toString() {
            return joined(operands, " or ");
        }
    }

    /** Holds when the caller has the role. */
    record Role(Template name) implements Expression {
        @Override
        public String toString() {
            return "role:" + name;
        }
    }

    /** Holds when the named rule does. */
    record Reference(String rule) implements Expression {
        @Override
        public Set<String> references() {
            return Set.of(rule);
        }

        @Override
        public String toString() {
            return "rule:" + rule;
        }
    }

    /** Holds when an attribute of the caller equals a text that may quote the target. */
    record Attribute(String name, Template value) implements Expression {
        @Override
        public String toString() {
            return name + ":" + value;
        }
    }

    /** Holds when a fixed text equals a text that may quote the target; {@code source} is how it was written. */
    record Literal(String text, String source, Template value) implements Expression {
        @Override
        public String toString() {
            return source + ":" + value;
        }
    }

    /**
     * Neutron's own kind of check, {@code field:networks:shared=True}: holds when a field of the target has the value,
     * or when {@code pattern} matches at its start.
     */
    record Field(
            String source,
            String name,
            String value,
            @Nullable Pattern pattern) implements Expression {
        @Override
        public String toString() {
            return "field:" + source;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Field that && source.equals(that.source);
        }

        @Override
        public int hashCode() {
            return source.hashCode();
        }
    }

    /** Text with places that the target fills: {@code %(user_id)s}. Each part is either fixed text or a key. */
    record Template(List<Part> parts) {
        record Part(@Nullable String text, @Nullable String key) {}

        /** The text when nothing has to be filled in, else null. */
        @Nullable
        String fixed() {
            if (parts.isEmpty()) {
                return "";
            }
            return parts.size() == 1 ? parts.getFirst().text() : null;
        }

        @Override
        public String toString() {
            StringBuilder out = new StringBuilder();
            for (Part part : parts) {
                if (part.text() != null) {
                    out.append(part.text().replace("%", "%%"));
                } else {
                    out.append("%(").append(part.key()).append(")s");
                }
            }
            return out.toString();
        }
    }

    private static String joined(List<Expression> operands, String operator) {
        return "("
                + String.join(
                        operator, operands.stream().map(Expression::toString).toList()) + ")";
    }
}
