package io.nacre.network;

import io.nacre.base.Fault;
import io.nacre.network.linux.Kernel;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;

class LinuxNetworkTest extends NetworkContract {
    @BeforeAll
    static void needsRoot() {
        Kernel.assumeRoot();
    }

    @Override
    Network start(Path directory) {
        return Network.start(NetworkConfig.defaults(), directory, "test", query -> {
            throw Fault.notFound("nobody asks here");
        });
    }

    @Override
    void lose(Network agent, String portId) {
        Kernel.deleteDevice(agent.report().namespace(), DeviceNames.port(portId));
    }
}
