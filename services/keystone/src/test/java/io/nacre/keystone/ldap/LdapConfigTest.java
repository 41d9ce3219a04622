package io.nacre.keystone.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LdapConfigTest {
    private static Duration wait(Map<String, Object> options) {
        return LdapConfig.of(options).link().timeout();
    }

    @Test
    void connectionsThatAreKeptHaveAPatienceOfTheirOwn() {
        assertThat(wait(Map.of())).isEqualTo(Duration.ofSeconds(5));
        assertThat(wait(Map.of("connection_timeout", 7))).isEqualTo(Duration.ofSeconds(7));
        assertThat(wait(Map.of("connection_timeout", 7, "pool_connection_timeout", "3")))
                .isEqualTo(Duration.ofSeconds(3));
        assertThat(wait(Map.of("connection_timeout", 7, "pool_connection_timeout", 3, "use_pool", false)))
                .isEqualTo(Duration.ofSeconds(7));
    }
}
