package io.nacre.compute.fake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Fault;
import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ComputeNodeContract;
import io.nacre.config.Bytes;
import io.nacre.contracts.node.ComputeNode.ConsoleLogQuery;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import io.nacre.contracts.node.ComputeNode.InterfaceCommand;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.Vif;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class FakeComputeTest extends ComputeNodeContract {
    private FakeDriver driver;

    @Override
    protected Compute open() {
        ComputeConfig config = ComputeConfig.DEFAULTS
                .with(ComputeConfig.Kind.FAKE)
                .with(new ComputeConfig.Fake(8, Bytes.ofGiB(16), Bytes.ofGiB(500), Duration.ZERO, true));
        driver = FakeDriver.open(config.fake(), state, InstantSource.system());
        return Compute.start(config, driver, state, "host-1", InstantSource.system(), changes::add);
    }

    @Override
    protected void kill(String guestId) {
        driver.kill(guestId);
    }

    @Test
    void showsTheConfiguredHost() {
        assertThat(compute.report().hypervisorType()).isEqualTo("fake");
        assertThat(compute.report().vcpus()).isEqualTo(8);
        assertThat(compute.report().memoryMiB()).isEqualTo(16 * 1024);
        assertThat(compute.report().diskGiB()).isEqualTo(500);
    }

    @Test
    void failsAsToldAndThenWorksAgain() {
        GuestSpec guest = spec(image());
        driver.control().fail("spawn", 1, () -> Fault.unavailable("no room"));
        assertFault(Fault.Kind.UNAVAILABLE, "no room", () -> compute.spawn(guest));
        assertThat(compute.guests().guests()).isEmpty();
        compute.spawn(guest);
        assertThat(compute.guests().guests()).hasSize(1);
    }

    @Test
    void aDelayedCommandTakesItsTime() {
        driver.control().delay("spawn", Duration.ofMillis(150));
        long start = System.nanoTime();
        compute.spawn(spec(null));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
    }

    @Test
    void theConsoleLogShowsEachBootAndItsLastLinesAlone() {
        GuestSpec guest = spec(null);
        compute.spawn(guest);
        power(guest, PowerAction.REBOOT_HARD);
        String log =
                compute.consoleLog(new ConsoleLogQuery(guest.guestId(), null)).text();
        assertThat(log.split("Linux version", -1)).hasSize(3);
        assertThat(compute.consoleLog(new ConsoleLogQuery(guest.guestId(), 1)).text())
                .isEqualTo("instance-00000001 login: ");
        assertThat(compute.consoleLog(new ConsoleLogQuery(guest.guestId(), 0)).text())
                .isEmpty();
    }

    @Test
    void interfacesComeAndGoAndAreRemembered() {
        GuestSpec guest = spec(null);
        compute.spawn(guest);
        Vif vif = new Vif("port-1", "fa:16:3e:00:00:01", "tap1", null, 1450, "virtio");
        compute.attachInterface(new InterfaceCommand(guest.guestId(), vif));
        compute.attachInterface(new InterfaceCommand(guest.guestId(), vif));
        reopen();
        power(guest, PowerAction.PAUSE);
        compute.detachInterface(new InterfaceCommand(guest.guestId(), vif));
        compute.detachInterface(new InterfaceCommand(guest.guestId(), vif));
        assertThat(changes).isEmpty();
    }

    @Test
    void withoutDownloadsNoImageIsAskedFor() {
        compute.close();
        compute = Compute.start(
                ComputeConfig.DEFAULTS.with(ComputeConfig.Kind.FAKE),
                state,
                "host-1",
                InstantSource.system(),
                changes::add);
        compute.spawn(spec(image()));
        assertThat(server.requests()).isEmpty();
    }
}
