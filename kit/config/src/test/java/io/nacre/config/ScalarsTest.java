package io.nacre.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {

    @ParameterizedTest
    @CsvSource({
        "30s,30000",
        "5m,300000",
        "1h30m,5400000",
        "2d,172800000",
        "250ms,250",
        "1s 500ms,1500",
        "PT1.5S,1500",
        "0s,0"
    })
    void durationsAreReadWithTheirUnits(String text, long millis) {
        assertThat(Scalars.duration(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Scalars.duration(Scalars.write(Duration.ofMillis(millis)))).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "30x", "-5s", "5 s m", "1.5s", "30s,"})
    void otherTextIsNoDuration(String text) {
        assertThatThrownBy(() -> Scalars.duration(text)).isInstanceOf(RuntimeException.class);
    }

    @ParameterizedTest
    @CsvSource({"512 B,512", "64 MiB,67108864", "1KiB,1024", "8191 TiB,9006099743113216", "0 B,0"})
    void sizesAreReadWithTheirUnits(String text, long bytes) {
        assertThat(Bytes.parse(text)).isEqualTo(new Bytes(bytes));
        assertThat(Bytes.parse(new Bytes(bytes).toString())).isEqualTo(new Bytes(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64 MB", "-1 B", "1.5 GiB", "99999999999 TiB"})
    void otherTextIsNoSize(String text) {
        assertThatThrownBy(() -> Bytes.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
