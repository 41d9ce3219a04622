package io.nacre.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.policy.Expression.All;
import io.nacre.policy.Expression.Any;
import io.nacre.policy.Expression.Attribute;
import io.nacre.policy.Expression.Constant;
import io.nacre.policy.Expression.Literal;
import io.nacre.policy.Expression.Not;
import io.nacre.policy.Expression.Reference;
import io.nacre.policy.Expression.Role;
import io.nacre.policy.Expression.Template;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleParserTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | @",
                "@ | @",
                "role:admin | role:admin",
                "role:Admin | role:admin",
                "role:a or role:b and role:c | (role:a or (role:b and role:c))",
                "role:a and role:b or role:c | ((role:a and role:b) or role:c)",
                "not role:a and role:b | (not role:a and role:b)",
                "not (role:a and role:b) | not (role:a and role:b)",
                "NOT role:a Or role:b | (not role:a or role:b)",
                "((role:a)) | role:a",
                "( role:a or ( ! ) ) | (role:a or !)",
                "(user_id:%(user_id)s) | user_id:%(user_id)s",
                "project_id:%(target.x)s | project_id:%(target.x)s",
                "'a':%(b)s | 'a':%(b)s",
                "True:%(enabled)s | True:%(enabled)s",
                "rule:admin_or:owner | rule:admin_or:owner",
                "x:100%% | x:100%%",
                "field:networks:shared=True | field:networks:shared=True",
            })
    void readsTheLanguageWithItsPrecedence(String text, String meaning) {
        assertThat(RuleParser.parse(text)).hasToString(meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "admin",
                "role:a role:b",
                "role:a and",
                "or role:a",
                "(role:a",
                "role:a)",
                "not",
                "()",
                ":x",
                "'a:%(b)s",
                "user_id:%(user_id)d",
                "user_id:%(user_id",
                "http://example.org/check",
                "https:example.org",
                "\"role:admin\"",
                "field:shared=True",
            })
    void refusesWhatItCannotRead(String text) {
        assertThatThrownBy(() -> RuleParser.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesDepthInsteadOfOverflowing() {
        assertThatThrownBy(() -> RuleParser.parse("(".repeat(100_000) + "@" + ")".repeat(100_000)))
                .hasMessageContaining("nested");
    }

    @Test
    void readsTheOldListsAsAlternativesOfConjunctions() {
        assertThat(RuleParser.parse(List.of(List.of("role:a", "role:b"), "role:c", List.of())))
                .hasToString("((role:a and role:b) or role:c)");
        assertThat(RuleParser.parse(List.of())).isEqualTo(new Constant(true));
        assertThat(RuleParser.parse(List.of(List.of()))).isEqualTo(new Constant(false));
    }

    @Test
    void whateverIsWrittenOutIsReadBackTheSame() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            Expression expression = any(random, 5);
            assertThat(RuleParser.parse(expression.toString())).isEqualTo(expression);
        }
    }

    @Test
    void noTextDoesAnythingButParseOrSayWhatIsWrong() {
        Random random = new Random(8);
        List<String> pieces = List.of(
                "(", ")", "not", "and", "or", " ", "  ", "role:", "a", ":", "%(x)s", "%", "'", "\"", "@", "!", "rule:r",
                "\t", "None", "1", "field:", "=", "~");
        for (int i = 0; i < 50_000; i++) {
            String text = String.join(
                    "",
                    IntStream.range(0, random.nextInt(12))
                            .mapToObj(n -> pieces.get(random.nextInt(pieces.size())))
                            .toList());
            try {
                assertThat(RuleParser.parse(RuleParser.parse(text).toString())).isNotNull();
            } catch (IllegalArgumentException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    /** Any expression, at most so many levels deep. */
    static Expression any(Random random, int levels) {
        return switch (random.nextInt(levels == 0 ? 6 : 10)) {
            case 0 -> new Constant(random.nextBoolean());
            case 1 -> new Role(new Template(List.of(new Template.Part(word(random), null))));
            case 2 -> new Reference(word(random) + ":" + word(random));
            case 3 -> new Attribute(random.nextBoolean() ? "user_id" : "project_id", template(random));
            case 4 -> new Literal("text", "'text'", template(random));
            case 5 -> new Attribute("domain_id", template(random));
            case 6, 7 -> new All(several(random, levels));
            case 8 -> new Any(several(random, levels));
            default -> new Not(any(random, levels - 1));
        };
    }

    private static List<Expression> several(Random random, int levels) {
        return IntStream.range(0, 2 + random.nextInt(2))
                .mapToObj(n -> any(random, levels - 1))
                .toList();
    }

    private static Template template(Random random) {
        Template.Part key = new Template.Part(null, word(random) + (random.nextBoolean() ? "." + word(random) : ""));
        return new Template(
                random.nextBoolean() ? List.of(key) : List.of(new Template.Part("p-" + word(random) + "%", null), key));
    }

    private static String word(Random random) {
        return List.of("a", "b", "c", "admin", "reader").get(random.nextInt(5));
    }
}
