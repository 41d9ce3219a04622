package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WireTest {
    @Test
    void addressesAreWrittenInTheirCanonicalForm() {
        assertThat(Wire.address("0000:0000:0000:0000:0000:babe:220.12.22.2")).isEqualTo("::babe:dc0c:1602");
        assertThat(Wire.address("2001:DB8:0:0:1:0:0:1")).isEqualTo("2001:db8::1:0:0:1");
        assertThat(Wire.address("2001:db8:0:1:1:1:1:1")).isEqualTo("2001:db8:0:1:1:1:1:1");
        assertThat(Wire.address("fe80::")).isEqualTo("fe80::");
        assertThat(Wire.address("::")).isEqualTo("::");
        assertThat(Wire.address("::ffff:10.0.0.1")).isEqualTo("::ffff:a00:1");
        assertThat(Wire.address("10.0.0.1")).isEqualTo("10.0.0.1");
        assertThat(Wire.address("")).isNull();
        assertThatThrownBy(() -> Wire.address("1:2:3")).hasMessageContaining("not an IP address");
    }

    @Test
    void theSameHostHasAnotherNameInEachProject() {
        assertThat(Wire.hostId("p1", "h")).hasSize(56).isNotEqualTo(Wire.hostId("p2", "h"));
        assertThat(Wire.hostId("p1", null)).isEmpty();
    }
}
