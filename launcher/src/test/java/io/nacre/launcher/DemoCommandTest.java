package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DemoCommandTest {
    @TempDir
    Path state;

    @Test
    void nothingIsStartedToRemoveADemoFromIt() {
        DemoCommand demo = new DemoCommand();
        new CommandLine(demo).parseArgs("--clean", "--state", state.toString());
        assertThatThrownBy(demo::call)
                .isInstanceOf(FaultException.class)
                .hasMessageStartingWith("Nacre is not running on " + state + ", so nothing was removed.");
        assertThat(state).isEmptyDirectory();
    }
}
