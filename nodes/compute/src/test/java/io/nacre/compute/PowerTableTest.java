package io.nacre.compute;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.compute.PowerTable.Verdict;
import io.nacre.contracts.node.ComputeNode.PowerAction;
import io.nacre.contracts.node.ComputeNode.PowerState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PowerTableTest {

    @ParameterizedTest
    @EnumSource(PowerState.class)
    void aHardRebootHelpsInEveryState(PowerState state) {
        assertThat(PowerTable.verdict(state, PowerAction.REBOOT_HARD)).isEqualTo(Verdict.GO);
    }

    @Test
    void whatIsReachedAlreadyIsDone() {
        assertThat(PowerTable.verdict(PowerState.RUNNING, PowerAction.START)).isEqualTo(Verdict.DONE);
        assertThat(PowerTable.verdict(PowerState.SHUTDOWN, PowerAction.STOP)).isEqualTo(Verdict.DONE);
        assertThat(PowerTable.verdict(PowerState.PAUSED, PowerAction.PAUSE)).isEqualTo(Verdict.DONE);
        assertThat(PowerTable.verdict(PowerState.SUSPENDED, PowerAction.SUSPEND))
                .isEqualTo(Verdict.DONE);
    }

    @Test
    void whatWasInterruptedHalfWayGoesOn() {
        assertThat(PowerTable.verdict(PowerState.PAUSED, PowerAction.SUSPEND)).isEqualTo(Verdict.GO);
        assertThat(PowerTable.verdict(PowerState.PAUSED, PowerAction.RESUME)).isEqualTo(Verdict.GO);
        assertThat(PowerTable.verdict(PowerState.SHUTDOWN, PowerAction.REBOOT_SOFT))
                .isEqualTo(Verdict.GO);
    }

    @Test
    void aSavedGuestIsNotStartedOver() {
        assertThat(PowerTable.verdict(PowerState.SUSPENDED, PowerAction.START)).isEqualTo(Verdict.REFUSED);
        assertThat(PowerTable.verdict(PowerState.SUSPENDED, PowerAction.STOP)).isEqualTo(Verdict.REFUSED);
    }
}
