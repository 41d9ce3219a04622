package io.nacre.compute.qemu;

import io.nacre.compute.Command;
import io.nacre.compute.DiskFull;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Finds out whether an accelerator runs guests at full speed, by running the smallest guest there is. */
final class KvmProbe {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Path DEVICE = Path.of("/dev/kvm");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private KvmProbe() {}

    /**
     * Takes a tenth of a second where KVM works and the whole limit where it only seems to; asked once for each boot of
     * the host and each version of QEMU.
     */
    static boolean kvmWorks(String qemu, int version, Path state) {
        return Files.isReadable(DEVICE)
                && Files.isWritable(DEVICE)
                && remembered(BOOT, version, state.resolve("kvm-probe"), () -> runs(qemu, "kvm", state, LIMIT));
    }

    static boolean remembered(Path boot, int version, Path file, BooleanSupplier probe) {
        try {
            String circumstances = Files.readString(boot).strip() + " " + version + " ";
            String known = Files.exists(file) ? Files.readString(file) : "";
            for (boolean works : new boolean[] {true, false}) {
                if (known.equals(circumstances + works)) {
                    return works;
                }
            }
            boolean works = probe.getAsBoolean();
            Path draft = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(draft, circumstances + works);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            return works;
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        }
    }

    static boolean runs(String qemu, String accelerator, Path state, Duration limit) {
        Path rom = state.resolve("probe-" + accelerator + ".rom");
        try {
            Files.write(rom, ProbeRom.bytes());
            return Command.run(limit, words(qemu, accelerator, rom, limit)).exit() == ProbeRom.SUCCESS;
        } catch (IOException e) {
            throw DiskFull.fault("its state directory", e);
        } finally {
            rom.toFile().delete();
        }
    }

    static List<String> words(String qemu, String accelerator, Path rom, Duration limit) {
        // Who asks may be killed meanwhile; a guest that runs in circles then ends by its own limit.
        return List.of(
                "prlimit",
                "--cpu=" + (limit.toSeconds() + 1),
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
    }
}
