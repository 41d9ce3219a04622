package io.nacre.policy;

import io.nacre.base.Caller;
import io.nacre.policy.Expression.Template;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns expressions into closures. References to other rules become direct calls, so a circle is found here. */
final class RuleCompiler {
    private static final Logger log = LoggerFactory.getLogger(RuleCompiler.class);
    private static final String NONE = "None";

    /** What rules may ask of the caller; any other name never matches, as in the original. */
    private static final Map<String, Function<Caller, @Nullable String>> ATTRIBUTES = Map.ofEntries(
            Map.entry("user_id", Caller::userId),
            Map.entry("user", Caller::userId),
            Map.entry(
                    "user_name",
                    caller -> caller.user() == null ? null : caller.user().name()),
            Map.entry("user_domain_id", caller -> domainOf(caller.user())),
            Map.entry("project_id", Caller::projectId),
            Map.entry("tenant_id", Caller::projectId),
            Map.entry("tenant", Caller::projectId),
            Map.entry("project_name", caller -> nameOf(caller.scope().project())),
            Map.entry("project_domain_id", caller -> domainOf(caller.scope().project())),
            Map.entry("domain_id", caller -> idOf(caller.scope().domain())),
            Map.entry("token.domain.id", caller -> idOf(caller.scope().domain())),
            Map.entry(
                    "token.project.domain.id", caller -> domainOf(caller.scope().project())),
            Map.entry("domain_name", caller -> nameOf(caller.scope().domain())),
            Map.entry("system_scope", caller -> caller.scope().system() ? "all" : null),
            Map.entry("is_admin", caller -> caller.isAdmin() ? "True" : "False"),
            Map.entry("is_admin_project", caller -> "True"));

    private final Map<String, Expression> rules;
    private final Map<String, Check> compiled = new HashMap<>();
    private final Deque<String> underWay = new ArrayDeque<>();

    private RuleCompiler(Map<String, Expression> rules) {
        this.rules = rules;
    }

    /** @throws IllegalArgumentException when rules refer to each other in a circle */
    static Map<String, Check> compile(Map<String, Expression> rules) {
        RuleCompiler compiler = new RuleCompiler(rules);
        rules.keySet().forEach(compiler::rule);
        return Map.copyOf(compiler.compiled);
    }

    /** A check that may refer to the rules, which were compiled before. */
    static Check compile(Map<String, Expression> rules, Expression expression) {
        return new RuleCompiler(rules).compile(expression);
    }

    private Check rule(String name) {
        Check known = compiled.get(name);
        if (known != null) {
            return known;
        }
        if (underWay.contains(name)) {
            throw new IllegalArgumentException(
                    "rules refer to each other in a circle: " + name + " <- " + String.join(" <- ", underWay));
        }
        Expression expression = rules.get(name);
        if (expression == null) {
            log.warn("Policy: rule:{} is not defined, it never allows", name);
            return (caller, target) -> false;
        }
        underWay.push(name);
        Check check = compile(expression);
        underWay.pop();
        compiled.put(name, check);
        return check;
    }

    private Check compile(Expression expression) {
        return switch (expression) {
            case Expression.Constant(boolean value) -> (caller, target) -> value;
            case Expression.Not(Expression operand) -> not(compile(operand));
            case Expression.All(List<Expression> operands) -> all(compile(operands));
            case Expression.Any(List<Expression> operands) -> any(compile(operands));
            case Expression.Role(Template name) -> role(name, Caller::roles);
            case Expression.Reference(String rule) -> rule(rule);
            case Expression.Attribute(String name, Template value) -> attribute(name, value);
            case Expression.Literal(String text, String source, Template value) -> {
                Function<Map<String, ? extends @Nullable Object>, @Nullable String> right = fill(value);
                yield (caller, target) -> text.equals(right.apply(target));
            }
            case Expression.Field field -> field(field);
        };
    }

    private Check[] compile(List<Expression> operands) {
        return operands.stream().map(this::compile).toArray(Check[]::new);
    }

    private static Check not(Check operand) {
        return (caller, target) -> !operand.holds(caller, target);
    }

    private static Check all(Check[] operands) {
        return (caller, target) -> {
            for (Check operand : operands) {
                if (!operand.holds(caller, target)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static Check any(Check[] operands) {
        return (caller, target) -> {
            for (Check operand : operands) {
                if (operand.holds(caller, target)) {
                    return true;
                }
            }
            return false;
        };
    }

    private static Check role(Template name, Function<Caller, Set<String>> roles) {
        String fixed = name.fixed();
        if (fixed != null) {
            return (caller, target) -> roles.apply(caller).contains(fixed);
        }
        Function<Map<String, ? extends @Nullable Object>, @Nullable String> right = fill(name);
        return (caller, target) -> {
            String role = right.apply(target);
            return role != null && roles.apply(caller).contains(role.toLowerCase(Locale.ROOT));
        };
    }

    /**
     * Nothing never equals nothing: a token without a project does not own what has no project. Only a rule that
     * spells it out, such as {@code project_id:None}, asks for absence.
     */
    private static Check attribute(String name, Template value) {
        if (name.equals("roles")) {
            return role(value, Caller::roles);
        }
        if (name.equals("service_roles")) {
            return role(value, Caller::serviceRoles);
        }
        Function<Caller, @Nullable String> left = ATTRIBUTES.get(name);
        if (left == null) {
            log.debug("Policy: callers have no attribute {}, {}:{} never holds", name, name, value);
            return (caller, target) -> false;
        }
        String fixed = value.fixed();
        if (fixed != null) {
            return fixed.equals(NONE)
                    ? (caller, target) -> left.apply(caller) == null
                    : (caller, target) -> fixed.equals(left.apply(caller));
        }
        Function<Map<String, ? extends @Nullable Object>, @Nullable String> right = fill(value);
        return (caller, target) -> {
            String mine = left.apply(caller);
            return mine != null && mine.equals(right.apply(target));
        };
    }

    private static Check field(Expression.Field field) {
        String key = field.name();
        Pattern pattern = field.pattern();
        Predicate<String> matches = pattern == null
                ? field.value()::equals
                : text -> pattern.matcher(text).lookingAt();
        return (caller, target) -> has(target, key) && matches.test(text(find(target, key)));
    }

    /** Answers the filled-in text, or null when the target lacks a key. */
    private static Function<Map<String, ? extends @Nullable Object>, @Nullable String> fill(Template template) {
        List<Template.Part> parts = template.parts();
        if (parts.size() == 1 && parts.getFirst().key() != null) {
            String key = parts.getFirst().key();
            return target -> has(target, key) ? text(find(target, key)) : null;
        }
        return target -> {
            StringBuilder out = new StringBuilder();
            for (Template.Part part : parts) {
                if (part.key() == null) {
                    out.append(part.text());
                } else if (has(target, part.key())) {
                    out.append(text(find(target, part.key())));
                } else {
                    return null;
                }
            }
            return out.toString();
        };
    }

    private static final Set<String> OWNERS = Set.of("project_id", "tenant_id");

    /** A key is looked up as it is; then along its dots; a project's two names stand for each other. */
    static boolean has(Map<String, ? extends @Nullable Object> target, String key) {
        return target.containsKey(key)
                || (OWNERS.contains(key) && target.containsKey(other(key)))
                || nested(target, key) != null;
    }

    private static @Nullable Object find(Map<String, ? extends @Nullable Object> target, String key) {
        if (target.containsKey(key)) {
            return target.get(key);
        }
        return OWNERS.contains(key) ? target.get(other(key)) : nested(target, key);
    }

    private static String other(String owner) {
        return owner.equals("project_id") ? "tenant_id" : "project_id";
    }

    private static @Nullable Object nested(Map<String, ? extends @Nullable Object> target, String key) {
        int dot = key.indexOf('.');
        if (dot < 0) {
            return null;
        }
        Object value = target;
        for (String step : key.split("\\.", -1)) {
            value = value instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return value;
    }

    /** As Python writes it, since that is what rules compare with. */
    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> NONE;
            case Boolean yes -> yes ? "True" : "False";
            default -> value.toString();
        };
    }

    private static @Nullable String idOf(Caller.@Nullable Person person) {
        return person == null ? null : person.id();
    }

    private static @Nullable String nameOf(Caller.@Nullable Person person) {
        return person == null ? null : person.name();
    }

    private static @Nullable String domainOf(Caller.@Nullable Person person) {
        return person == null ? null : person.domainId();
    }
}
