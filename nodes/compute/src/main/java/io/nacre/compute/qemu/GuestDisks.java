package io.nacre.compute.qemu;

import io.nacre.base.Fault;
import io.nacre.compute.Command;
import io.nacre.compute.DiskFull;
import io.nacre.compute.Specs;
import io.nacre.compute.image.CachedImage;
import io.nacre.contracts.node.ComputeNode.GuestSpec;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the disks of a new guest. */
final class GuestDisks {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");
    /** What a tool may use that handles a file of strangers: address space in bytes, processor time in seconds. */
    private static final List<String> CONFINED = List.of(PRLIMIT.toString(), "--as=2147483648", "--cpu=30", "--core=0");

    private GuestDisks() {}

    static void make(GuestSpec spec, GuestDirectory files, @Nullable CachedImage image, InstantSource clock) {
        root(spec, files, image);
        if (spec.ephemeralGiB() > 0) {
            sparse(files.ephemeral(), (long) spec.ephemeralGiB() << 30);
            run("the ephemeral disk", List.of("mkfs.ext4", "-q", "-F", "-L", "ephemeral0", files.ephemeral() + ""));
        }
        if (spec.swapMiB() > 0) {
            sparse(files.swap(), (long) spec.swapMiB() << 20);
            run("the swap disk", List.of("mkswap", files.swap() + ""));
        }
        if (spec.configDrive() != null) {
            try {
                GuestDirectory.write(files.configDrive(), ConfigDrive.image(spec.configDrive(), clock.instant()));
            } catch (IOException e) {
                throw DiskFull.fault("the config drive", e);
            }
        }
    }

    private static void root(GuestSpec spec, GuestDirectory files, @Nullable CachedImage image) {
        List<String> words = new ArrayList<>(List.of("qemu-img", "create", "-q", "-f", "qcow2"));
        long size = (long) spec.rootGiB() << 30;
        if (image != null && !image.format().equals("iso")) {
            if (size == 0) {
                size = image.virtualBytes();
            } else if (size < image.virtualBytes()) {
                throw Specs.diskTooSmall(spec.rootGiB(), image);
            }
            // named as seen from the disk, so that the whole state directory can be moved
            String from = files.path().relativize(image.file()).toString();
            // the image's size is known, so the tool need not open what strangers made
            words.addAll(List.of("-u", "-b", from, "-F", image.format()));
        }
        if (size == 0) {
            return;
        }
        words.add(files.disk().toString());
        // a disk is made of whole sectors, whatever a raw image's length is
        words.add(Long.toString((size + 511) / 512 * 512));
        run("the root disk", words);
    }

    private static void sparse(Path file, long bytes) {
        try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
            disk.setLength(bytes);
        } catch (IOException e) {
            throw DiskFull.fault("a disk", e);
        }
    }

    private static void run(String what, List<String> words) {
        List<String> all = new ArrayList<>(Files.isExecutable(PRLIMIT) ? CONFINED : List.of());
        all.addAll(words);
        Command.Output output = Command.run(LIMIT, all);
        if (DiskFull.is(output.err())) {
            throw DiskFull.fault(what);
        }
        if (!output.ok()) {
            throw Fault.internal("The host could not make " + what + ": " + QemuProcess.plain(output.err()));
        }
    }
}
