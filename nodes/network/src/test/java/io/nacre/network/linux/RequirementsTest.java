package io.nacre.network.linux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.network.NetworkConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequirementsTest {
    @TempDir
    Path empty;

    @Test
    void everythingThatIsMissingIsNamedWithItsPackage() {
        Tools none = new Tools(List.of(empty));
        assertThatThrownBy(() -> Requirements.check(none, FilterAccess.processes(none), NetworkConfig.defaults()))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("apt-get install iproute2 dnsmasq-base nftables");
    }

    @Test
    void hostThatHasEverythingPasses() {
        Kernel.assumeRoot();
        Tools tools = new Tools();
        Requirements.check(tools, FilterAccess.probe(tools), NetworkConfig.defaults());
    }
}
