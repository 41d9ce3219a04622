package io.nacre.glance.convert;

import io.nacre.base.Fault;
import io.nacre.diskimage.DiskFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs qemu-img, which is told the format of its input, and is {@linkplain Confinement confined}.
 *
 * <p>What it says of an image that it does not like goes to the log only, and no more than a little of it.
 */
public final class QemuImg {
    private static final Logger LOG = LoggerFactory.getLogger(QemuImg.class);
    private static final Path PROGRAM = Path.of("/usr/bin/qemu-img");
    private static final int MOST_WORDS = 4096;
    private static final int LONGEST_LINE = 256;
    private static final Duration PROBE = Duration.ofSeconds(30);

    /** What qemu calls the formats that it can read; of what is not here it reads nothing. */
    private static final Map<DiskFormat, String> NAMES = Map.of(
            DiskFormat.RAW, "raw",
            DiskFormat.PARTITIONED, "raw",
            DiskFormat.QCOW2, "qcow2",
            DiskFormat.VMDK, "vmdk",
            DiskFormat.VDI, "vdi",
            DiskFormat.VHD, "vpc",
            DiskFormat.VHDX, "vhdx");

    private final ConversionConfig config;
    private final Confinement confinement;

    QemuImg(ConversionConfig config, Confinement confinement) {
        this.config = config;
        this.confinement = confinement;
    }

    /**
     * Makes sure that it can be confined on this machine.
     *
     * @throws IllegalStateException when it cannot
     */
    public static QemuImg open(ConversionConfig config) {
        try {
            QemuImg program = new QemuImg(config, Confinement.of(PROGRAM, List.of()));
            program.probe();
            return program;
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Images cannot be converted here, as qemu-img cannot be confined: " + e.getMessage()
                            + " (it takes qemu-utils, util-linux, and the right to make namespaces;"
                            + " or take image_conversion out of [glance.imports] plugins)",
                    e);
        }
    }

    private void probe() throws IOException {
        Path folder = Files.createTempDirectory("nacre-probe");
        Path in = folder.resolve("in");
        Path out = folder.resolve("out");
        try {
            Files.write(in, new byte[1024]);
            Files.createFile(out);
            run(in, out, 1 << 20, PROBE, List.of("convert", "-f", "raw", "-O", "raw", "/in", "/out"), line -> {});
            if (Files.size(out) != 1024) {
                throw new IOException("qemu-img does not do what it is told");
            }
        } finally {
            for (Path left : List.of(in, out, root(out), folder)) {
                Files.deleteIfExists(left);
            }
        }
    }

    /** One folder beside all outputs: each run has what it mounts there for itself. */
    private static Path root(Path out) {
        return out.resolveSibling("confined");
    }

    /** Whether it reads images of this format. */
    public static boolean reads(DiskFormat format) {
        return NAMES.containsKey(format);
    }

    /** How a conversion is to be done. */
    public record Job(Path in, DiskFormat format, Path out, String outputFormat, long largest) {}

    /**
     * Converts an image. The output is complete and durable afterwards; what is left of a try that failed is
     * overwritten by the next.
     *
     * <p>Faults with INVALID when qemu-img refuses the image or gets beyond a limit, UNAVAILABLE when it cannot be run.
     *
     * @param progress told now and then how much is done, in percent
     */
    public void convert(Job job, Duration remaining, Consumer<Integer> progress) {
        String name = Objects.requireNonNull(NAMES.get(job.format()));
        Duration limit = remaining.compareTo(config.timeout()) < 0 ? remaining : config.timeout();
        try {
            Files.deleteIfExists(job.out());
            Files.createFile(
                    job.out(),
                    PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-r-----"))));
            run(
                    job.in(),
                    job.out(),
                    job.largest(),
                    limit,
                    List.of("convert", "-p", "-f", name, "-O", job.outputFormat(), "/in", "/out"),
                    line -> percent(line).ifPresent(progress));
            try (FileChannel written = FileChannel.open(job.out(), StandardOpenOption.WRITE)) {
                written.force(true);
            }
        } catch (IOException e) {
            throw Fault.unavailable("The image could not be converted.").because(e);
        }
    }

    /** From a line such as {@code (37.50/100%)}. */
    static Optional<Integer> percent(String line) {
        int open = line.indexOf('(');
        int dot = line.indexOf('.', open + 1);
        try {
            return open < 0 || dot < 0 ? Optional.empty() : Optional.of(Integer.valueOf(line.substring(open + 1, dot)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void run(Path in, Path out, long largest, Duration limit, List<String> arguments, Consumer<String> lines)
            throws IOException {
        Path root = Files.createDirectories(root(out));
        Process process = confinement.start(
                root,
                in,
                out,
                new Confinement.Limits(config.memory().count(), config.cpuTime().toSeconds(), largest),
                arguments);
        try {
            CompletableFuture<String> words = inBackground(() -> head(process.getErrorStream()));
            CompletableFuture<String> said = inBackground(() -> follow(process.getInputStream(), lines));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Fault.invalid("The conversion of the image took too long.");
            }
            int status = process.exitValue();
            said.join();
            if (status != 0) {
                LOG.info("qemu-img ended with {}: {}", status, words.join());
                throw Fault.invalid("The image cannot be converted: " + why(status));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** A signal is 128 and its number. */
    private static String why(int status) {
        return switch (status) {
            case 128 + 24, 128 + 9 -> "it takes too much time.";
            case 128 + 25 -> "it becomes too large.";
            case 128 + 6, 128 + 11 -> "it takes too much memory, or is damaged.";
            default -> "it is damaged, or not complete in itself.";
        };
    }

    private interface Reading {
        String read() throws IOException;
    }

    private static CompletableFuture<String> inBackground(Reading reading) {
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread.ofVirtual().name("qemu-img output").start(() -> {
            try {
                result.complete(reading.read());
            } catch (IOException e) {
                result.complete("");
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** Keeps the beginning, and lets the rest go by. */
    private static String head(InputStream in) throws IOException {
        byte[] kept = in.readNBytes(MOST_WORDS);
        in.transferTo(OutputStream.nullOutputStream());
        return new String(kept, StandardCharsets.UTF_8).strip();
    }

    /** Tells each line, however it ends, but not more than a bit of it. */
    private static String follow(InputStream in, Consumer<String> lines) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\r' || next == '\n') {
                lines.accept(line.toString());
                line.setLength(0);
            } else if (line.length() < LONGEST_LINE) {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
