package io.nacre.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.params.ParameterizedTest;
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
}
