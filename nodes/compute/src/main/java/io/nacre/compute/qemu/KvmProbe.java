package io.nacre.compute.qemu;

import io.nacre.compute.Command;
import io.nacre.compute.DiskFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Finds out whether an accelerator runs guests at full speed, by running the smallest guest there is. */
final class KvmProbe {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Path DEVICE = Path.of("/dev/kvm");

    private KvmProbe() {}

    /** Takes a tenth of a second where KVM works and the whole limit where it only seems to. */
    static boolean kvmWorks(String qemu, Path state) {
        return Files.isReadable(DEVICE) && Files.isWritable(DEVICE) && runs(qemu, "kvm", state, LIMIT);
    }

    static boolean runs(String qemu, String accelerator, Path state, Duration limit) {
        Path rom = state.resolve("probe-" + accelerator + ".rom");
        try {
            Files.write(rom, ProbeRom.bytes());
            List<String> words = List.of(
                    qemu,
                    "-accel",
                    accelerator,
                    "-machine",
                    "pc",
                    "-m",
                    "16",
                    "-nodefaults",
                    "-no-user-config",
                    "-display",
                    "none",
                    "-vga",
                    "none",
                    "-device",
                    "isa-debug-exit,iobase=0xf4,iosize=1",
                    "-bios",
                    rom.toString());
            return Command.run(limit, words).exit() == ProbeRom.SUCCESS;
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        } finally {
            rom.toFile().delete();
        }
    }
}
