package io.nacre.keystone.applicationcredential;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The paths of access rules. */
class PathPatternTest {
    @ParameterizedTest
    @CsvSource({
        "/v2.1/servers, /v2.1/servers, true",
        "/v2.1/servers, /v2.1/servers/, false",
        "/v2.1/servers, /v2.1/server, false",
        "/v2.1/servers, /v2.1/serversX, false",
        "/v2.1/servers, /v2x1/servers, false",
        "/v2.1/servers/*, /v2.1/servers/a1, true",
        "/v2.1/servers/*, /v2.1/servers/, false",
        "/v2.1/servers/*, /v2.1/servers/a1/ips, false",
        "/v2.1/servers/*/ips, /v2.1/servers/a1/ips, true",
        "/v2.1/servers/{server_id}/ips, /v2.1/servers/a1/ips, true",
        "/v2.1/servers/{server_id}/ips, /v2.1/servers//ips, false",
        "/v2.1/servers/x-*-y, /v2.1/servers/x-1-y, true",
        "/v2.1/servers/x-*-y, /v2.1/servers/x--y, false",
        "/v2.1/**, /v2.1/servers/a1/ips, true",
        "/v2.1/**, /v2.1/, true",
        "/v2.1/**, /v2.1, false",
        "/v2.1/**/ips, /v2.1/servers/a1/ips, true",
        "/v2.1/**/ips, /v2.1/servers/a1/ips/x, false",
        "/**, /, true",
        "/***, /a, true",
        "/***, /, false",
        "/a{b, /a{b, true",
        "/a{b, /ab, false",
        "/[a-z]+, /abc, false",
    })
    void saysWhichPathsItMeans(String pattern, String path, boolean matches) {
        assertThat(PathPattern.of(pattern).matches(path)).isEqualTo(matches);
    }

    @Test
    void nobodyCanWriteOneThatTakesLong() {
        PathPattern spiteful = PathPattern.of("/" + "**a".repeat(74) + "b");
        Assertions.assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(spiteful.matches("/" + "a".repeat(8000))).isFalse());
    }
}
