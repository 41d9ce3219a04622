package io.nacre.compute.qemu;

import io.nacre.base.Json;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** An agent of its own process, for tests that kill it: spawns the guest it is given, says so, and waits. */
final class AgentProcess {
    private AgentProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        Compute compute = Compute.start(
                ComputeConfig.DEFAULTS.with(ComputeConfig.VirtType.QEMU),
                Path.of(arguments[0]),
                "host-1",
                InstantSource.system(),
                change -> {});
        System.out.println(
                compute.spawn(Json.read(arguments[1], GuestSpec.class)).state());
        Thread.sleep(Duration.ofMinutes(5));
    }
}
