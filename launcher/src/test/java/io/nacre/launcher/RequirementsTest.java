package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RequirementsTest {
    private static final Requirements.Tool HERE = new Requirements.Tool(List.of("/nowhere", "/proc/self"), "procfs");
    private static final Requirements.Tool GONE = new Requirements.Tool(List.of("/nowhere/qemu"), "qemu-system-x86");
    private static final Requirements.Tool GONE_TOO = new Requirements.Tool(List.of("/nowhere/nft"), "nftables");

    @Test
    void whatIsMissingIsNamedWithTheCommandThatInstallsIt() {
        assertThatThrownBy(() -> new Requirements(List.of(GONE, HERE, GONE_TOO)).ensure(false))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("missing: nftables, qemu-system-x86")
                .hasMessageContaining("apt-get install --no-install-recommends nftables qemu-system-x86")
                .hasMessageContaining("nacre up --install");
    }

    @Test
    void nothingIsSaidWhenNothingIsMissing() {
        assertThatCode(() -> new Requirements(List.of(HERE)).ensure(false)).doesNotThrowAnyException();
    }
}
