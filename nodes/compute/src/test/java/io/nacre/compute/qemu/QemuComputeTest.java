package io.nacre.compute.qemu;

import io.nacre.compute.Compute;
import io.nacre.compute.ComputeConfig;
import io.nacre.compute.ComputeNodeContract;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

class QemuComputeTest extends ComputeNodeContract {

    @Override
    protected Compute open() {
        ComputeConfig config = ComputeConfig.DEFAULTS.with(ComputeConfig.VirtType.QEMU);
        return Compute.start(config, state, "host-1", InstantSource.system(), changes::add);
    }

    @Override
    protected void kill(String guestId) {
        ProcessHandle.of(pid(guestId)).orElseThrow().destroyForcibly();
    }

    private long pid(String guestId) {
        try {
            Path file = state.resolve("guests").resolve(guestId).resolve("pid");
            return Long.parseLong(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
