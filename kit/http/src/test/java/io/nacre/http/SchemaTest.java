package io.nacre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final Schema LIMIT = Schema.of("""
            {"type": "object", "properties": {"limit": {"type": "integer", "minimum": -1, "maximum": 2147483647}}}
            """);

    @ParameterizedTest
    @ValueSource(strings = {"1e308", "-1e308", "99999999999999999999999999", "1.5", "\"7\"", "-2"})
    void aNumberThatDoesNotFitIsRefusedHoweverItIsWritten(String number) {
        assertThatThrownBy(() -> LIMIT.check(Json.MAPPER.readTree("{\"limit\": " + number + "}")))
                .asInstanceOf(InstanceOfAssertFactories.type(FaultException.class))
                .satisfies(e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "7.0", "-1"})
    void aWholeNumberFits(String number) {
        LIMIT.check(Json.MAPPER.readTree("{\"limit\": " + number + "}"));
    }

    /** The messages are those of Python's jsonschema 4.10. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{\"type\": [\"null\", \"string\"]}|1|1 is not of type 'null', 'string'",
                "{\"type\": \"object\"}|[null, true, {\"a\": 1.5}]|[None, True, {'a': 1.5}] is not of type 'object'",
                "{\"enum\": [\"a\", null]}|\"b\"|'b' is not one of ['a', None]",
                "{\"const\": 2}|3|2 was expected",
                "{\"pattern\": \"^a+$\"}|\"it's\"|\"it's\" does not match '^a+$'",
                "{\"maxLength\": 2}|\"abc\"|'abc' is too long",
                "{\"minLength\": 1}|\"\"|'' is too short",
                "{\"minItems\": 1}|[]|[] is too short",
                "{\"maxItems\": 1}|[1, 2]|[1, 2] is too long",
                "{\"uniqueItems\": true}|[1, 1]|[1, 1] has non-unique elements",
                "{\"minimum\": 0}|-1|-1 is less than the minimum of 0",
                "{\"maximum\": 4}|5|5 is greater than the maximum of 4",
                "{\"exclusiveMinimum\": 0}|0|0 is less than or equal to the minimum of 0",
                "{\"multipleOf\": 2}|7|7 is not a multiple of 2",
                "{\"minProperties\": 1}|{}|{} does not have enough properties",
                "{\"maxProperties\": 0}|{\"a\": 1}|{'a': 1} has too many properties",
                "{\"required\": [\"name\"]}|{}|'name' is a required property",
                "{\"dependentRequired\": {\"a\": [\"b\"]}}|{\"a\": 1}|'b' is a dependency of 'a'",
                "{\"additionalProperties\": false}|{\"x\": 1}|Additional properties are not allowed ('x' was unexpected)",
                "{\"not\": {\"type\": \"string\"}}|\"a\"|'a' should not be valid under {'type': 'string'}",
            })
    void aViolationIsToldInTheOriginalsWords(String schema, String body, String message) {
        assertThat(violation(schema, body).message()).isEqualTo(message);
    }

    @Test
    void aViolationTellsWhereItIs() {
        Violation violation = violation("""
                {"title": "list", "properties": {"all": {"type": "array", "items": {"type": "integer"}}}}
                """, "{\"all\": [1, \"b\"]}");
        assertThat(violation.schema()).isEqualTo("list");
        assertThat(violation.path()).containsExactly("all", "1");
        assertThat(violation.value()).isEqualTo("'b'");
        assertThat(violation.placed()).isEqualTo("'b' is not of type 'integer'\n\nOn instance['all'][1]:\n    'b'");
    }

    /** As Python's jsonschema has it: what it tells of is the value for which there are several schemas. */
    @Test
    void aValueThatFitsNoneOfSeveralSchemas() {
        String schema = """
                {"$defs": {"one": {"anyOf": [{"required": ["id"]},
                                             {"properties": {"name": {"type": "string"}}, "required": ["name"]}]}},
                 "properties": {"all": {"type": "array", "items": {"allOf": [{"$ref": "#/$defs/one"}]}}}}
                """;
        Violation violation = violation(schema, "{\"all\": [{\"id\": 1}, {\"name\": 2}]}");
        assertThat(violation.path()).containsExactly("all", "1");
        assertThat(violation.message()).isEqualTo("{'name': 2} is not valid under any of the given schemas");
        assertThat(violation("{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}", "7")
                        .message())
                .isEqualTo("7 is not valid under any of the given schemas");
        assertThat(violation("{\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"integer\"}, {\"minimum\": 3}]}", "7")
                        .message())
                .isEqualTo("7 is valid under each of {'minimum': 3}, {'type': 'integer'}");
    }

    @Test
    void aSecretIsNotRepeated() {
        String schema = "{\"properties\": {\"adminPass\": {\"maxLength\": 3}}, \"maxProperties\": 1}";
        assertThat(violation(schema, "{\"adminPass\": \"opensesame\"}").message())
                .isEqualTo("*** is too long");
        assertThat(violation(schema, "{\"adminPass\": \"abc\", \"x\": 1}").message())
                .isEqualTo("*** has too many properties");
        assertThat(violation(schema, "{\"auth\": {\"methods\": [{\"password\": \"opensesame\"}]}, \"x\": 1}")
                        .message())
                .isEqualTo("*** has too many properties");
    }

    @Test
    void aLongValueIsCutOff() {
        assertThat(violation("{\"maxLength\": 3}", "\"" + "x".repeat(5000) + "\"")
                        .message())
                .hasSizeLessThan(1100);
    }

    private static Violation violation(String schema, String body) {
        FaultException refused = catchThrowableOfType(
                FaultException.class, () -> Schema.of(schema).check(Json.MAPPER.readTree(body)));
        return (Violation) Objects.requireNonNull(refused.fault().details().get(Violation.DETAIL));
    }
}
