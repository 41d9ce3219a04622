package io.nacre.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {
    @Test
    void readsAddressesAndPrefixes() {
        assertThat(Cidr.parse("10.0.0.5").toString()).isEqualTo("10.0.0.5");
        assertThat(Cidr.parse("10.0.0.5/24").network().toString()).isEqualTo("10.0.0.0/24");
        assertThat(Cidr.parse("10.0.0.5/20").netmask()).isEqualTo("255.255.240.0");
        assertThat(Cidr.parse("2001:db8::5/64").network().toString()).isEqualTo("2001:db8:0:0:0:0:0:0/64");
        assertThat(Cidr.parse("0.0.0.0/0").isEverything()).isTrue();
    }

    @Test
    void knowsWhatIsInIt() {
        Cidr net = Cidr.parse("10.0.0.0/22");
        assertThat(net.contains(Cidr.parse("10.0.3.255"))).isTrue();
        assertThat(net.contains(Cidr.parse("10.0.4.0"))).isFalse();
        assertThat(net.contains(Cidr.parse("10.0.0.0/8"))).isFalse();
        assertThat(Cidr.parse("::/0").contains(Cidr.parse("10.0.0.1"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.1", "10.0.0.256", "10.0.0.1/33", "10.0.0.1/-1", "::1/129", "fe80::1%lo", "host"})
    void refusesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> Cidr.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
