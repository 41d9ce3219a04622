package io.nacre.policy;

import io.nacre.base.Caller;
import io.nacre.policy.Expression.Template;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Why a rule allows something or does not.
 *
 * @param allowed the answer
 * @param scopeAccepted whether the rule accepts tokens of the caller's scope at all
 * @param reason of the check alone
 */
public record Explanation(boolean allowed, boolean scopeAccepted, Reason reason) {

    /**
     * A check and what it comes from.
     *
     * @param lacking what the check asks of the target and the target does not have
     */
    public record Reason(String check, boolean holds, List<String> lacking, List<Reason> because) {}

    static Reason reason(
            Map<String, Expression> rules,
            Expression expression,
            Caller caller,
            Map<String, ? extends @Nullable Object> target) {
        List<Expression> parts = expression instanceof Expression.Reference(String rule)
                ? Stream.ofNullable(rules.get(rule)).toList()
                : expression.parts();
        return new Reason(
                expression.toString(),
                RuleCompiler.compile(rules, expression).holds(caller, target),
                template(expression).parts().stream()
                        .map(Template.Part::key)
                        .filter(Objects::nonNull)
                        .filter(key -> !RuleCompiler.has(target, key))
                        .toList(),
                parts.stream().map(part -> reason(rules, part, caller, target)).toList());
    }

    private static Template template(Expression expression) {
        return switch (expression) {
            case Expression.Role(Template name) -> name;
            case Expression.Attribute(String name, Template value) -> value;
            case Expression.Literal(String text, String source, Template value) -> value;
            default -> new Template(List.of());
        };
    }
}
