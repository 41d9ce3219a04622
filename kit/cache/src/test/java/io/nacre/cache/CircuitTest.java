package io.nacre.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private final AtomicLong now = new AtomicLong();
    private final Circuit circuit = new Circuit("it", Duration.ofNanos(100), now::get);

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuit.failed(new IllegalStateException());
        }
    }

    @Test
    void aFewFailuresAmongSuccessesDoNotOpenIt() {
        fail(2);
        circuit.succeeded();
        fail(2);
        assertThat(circuit.admits()).isTrue();
    }

    @Test
    void afterThreeFailuresNobodyIsAdmittedForAWhileThenOne() {
        fail(3);
        assertThat(circuit.admits()).isFalse();
        now.set(99);
        assertThat(circuit.admits()).isFalse();
        now.set(100);
        assertThat(circuit.admits()).isTrue();
        assertThat(circuit.admits()).isFalse();
    }

    @Test
    void theOneThatTriesDecidesForAll() {
        fail(3);
        now.set(100);
        assertThat(circuit.admits()).isTrue();
        fail(1);
        now.set(199);
        assertThat(circuit.admits()).isFalse();
        now.set(200);
        assertThat(circuit.admits()).isTrue();
        circuit.succeeded();
        assertThat(circuit.admits()).isTrue();
        assertThat(circuit.admits()).isTrue();
    }
}
