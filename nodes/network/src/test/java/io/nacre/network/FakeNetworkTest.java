package io.nacre.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.network.fake.FakeDriver;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FakeNetworkTest extends NetworkContract {
    private FakeDriver driver = new FakeDriver();

    @Override
    Network start(Path directory) {
        driver = new FakeDriver();
        return new Network(driver, directory);
    }

    @Override
    void lose(Network agent, String portId) {
        driver.lose(portId);
    }

    @Test
    void failsAsOftenAsItWasTold() {
        Network network = start(state);
        driver.fail("applyNetwork", 2);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> network.applyNetwork(Specs.network(1, 1))).isInstanceOf(FaultException.class);
            assertThat(network.inventory().networks()).isEmpty();
        }
        network.applyNetwork(Specs.network(1, 1));
        assertThat(network.inventory().networks()).hasSize(1);
    }

    @Test
    void takesAsLongAsItWasTold() {
        Network network = start(state);
        driver.slow(Duration.ofMillis(50));
        long before = System.nanoTime();
        network.applyNetwork(Specs.network(1, 1));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(Duration.ofMillis(50));
    }
}
