package io.nacre.glance.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.config.Bytes;
import io.nacre.diskimage.DiskFormat;
import io.nacre.testkit.Eventually;
import io.nacre.testkit.image.HostileImages;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real qemu-img, confined, and what becomes of images that reach out. */
class QemuImgTest {
    private static final Path PROGRAM = Path.of("/usr/bin/qemu-img");
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final long LARGEST = 64L << 20;
    private static final String SECRET = "nobody may read this";

    @TempDir
    Path folder;

    private byte[] data;
    private Path secret;

    @BeforeEach
    void make() throws IOException {
        data = new byte[3 << 20];
        new Random(1).nextBytes(data);
        Arrays.fill(data, 1 << 20, 2 << 20, (byte) 0);
        Files.write(folder.resolve("raw"), data);
        secret = folder.resolve("secret");
        Files.writeString(secret, SECRET.repeat(4096));
    }

    private static QemuImg program(ConversionConfig config) {
        return QemuImg.open(config);
    }

    private static QemuImg program() {
        return program(ConversionConfig.DEFAULTS);
    }

    private QemuImg.Job job(String in, DiskFormat format, String out, String wanted) {
        return new QemuImg.Job(folder.resolve(in), format, folder.resolve(out), wanted, LARGEST);
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void eachFormatBecomesEachOther() throws Exception {
        List<Integer> told = new ArrayList<>();
        QemuImg program = program();
        program.convert(job("raw", DiskFormat.RAW, "qcow2", "qcow2"), LONG, told::add);
        program.convert(job("qcow2", DiskFormat.QCOW2, "vmdk", "vmdk"), LONG, told::add);
        program.convert(job("vmdk", DiskFormat.VMDK, "back", "raw"), LONG, told::add);
        assertThat(Files.readAllBytes(folder.resolve("back"))).isEqualTo(data);
        assertThat(Files.size(folder.resolve("qcow2"))).isLessThan(data.length);
        assertThat(told).contains(100).allMatch(percent -> percent >= 0 && percent <= 100);
        program.convert(job("vmdk", DiskFormat.VMDK, "back", "raw"), LONG, told::add);
        assertThat(Files.readAllBytes(folder.resolve("back"))).isEqualTo(data);
    }

    @Test
    void theFormatIsTheOneWeName() throws Exception {
        program().convert(job("raw", DiskFormat.RAW, "qcow2", "qcow2"), LONG, percent -> {});
        // What looks like qcow2 stays the bytes that it is when it is called raw.
        program().convert(job("qcow2", DiskFormat.RAW, "same", "raw"), LONG, percent -> {});
        byte[] same = Files.readAllBytes(folder.resolve("same"));
        byte[] was = Files.readAllBytes(folder.resolve("qcow2"));
        assertThat(Arrays.copyOf(same, was.length)).isEqualTo(was);
        assertThatThrownBy(() -> program().convert(job("raw", DiskFormat.QCOW2, "none", "raw"), LONG, percent -> {}))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("cannot be converted");
    }

    @Test
    void limitsHold() throws Exception {
        run("qemu-img", "create", "-q", "-f", "qcow2", folder.resolve("large").toString(), "1G");
        assertThatThrownBy(() -> program().convert(job("large", DiskFormat.QCOW2, "out", "raw"), LONG, percent -> {}))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("cannot be converted");
        assertThat(Files.size(folder.resolve("out"))).isLessThanOrEqualTo(LARGEST);
        ConversionConfig patient =
                new ConversionConfig("raw", Bytes.ofGiB(1), Duration.ofMinutes(1), Duration.ofHours(1));
        QemuImg program = program(patient);
        assertThatThrownBy(() -> program.convert(
                        job("raw", DiskFormat.RAW, "out", "qcow2"), Duration.ofMillis(1), percent -> {}))
                .isInstanceOf(FaultException.class)
                .hasMessageContaining("took too long");
        Eventually.happens("nothing of it runs any more", () -> !isRunning(folder.toString()));
        ConversionConfig tiny = new ConversionConfig("raw", Bytes.ofMiB(8), Duration.ofMinutes(1), Duration.ofHours(1));
        assertThatThrownBy(() -> program(tiny)).hasStackTraceContaining("cannot be converted");
    }

    /** It has dozens of threads, and each may reserve more address space than it will use. */
    @Test
    void itsManyThreadsStayWithinTheLimit() throws Exception {
        byte[] large = new byte[48 << 20];
        new Random(2).nextBytes(large);
        Files.write(folder.resolve("large"), large);
        QemuImg program =
                program(new ConversionConfig("raw", Bytes.ofMiB(300), Duration.ofMinutes(1), Duration.ofMinutes(1)));
        program.convert(job("large", DiskFormat.RAW, "large.qcow2", "qcow2"), LONG, percent -> {});
        for (int i = 0; i < 5; i++) {
            program.convert(job("large.qcow2", DiskFormat.QCOW2, "out", "raw"), LONG, percent -> {});
        }
        assertThat(Files.size(folder.resolve("out"))).isEqualTo(large.length);
    }

    private static boolean isRunning(String words) {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> process.info().commandLine().orElse("").contains(words));
    }

    private List<Path> hostile() throws Exception {
        List<Path> images = new ArrayList<>();
        String file = secret.toString();
        Files.copy(secret, folder.resolve("data"));
        String[][] made = {
            {"-f", "qcow2", "-b", file, "-F", "raw", "backed.qcow2"},
            {"-f", "qcow2", "-o", "data_file=" + folder.resolve("data") + ",data_file_raw=on", "data.qcow2", "64k"},
            {"-f", "vmdk", "-b", folder.resolve("base.vmdk").toString(), "-F", "vmdk", "backed.vmdk"}
        };
        run(
                "qemu-img",
                "create",
                "-q",
                "-f",
                "vmdk",
                folder.resolve("base.vmdk").toString(),
                "1M");
        for (String[] words : made) {
            List<String> command = new ArrayList<>(List.of("qemu-img", "create", "-q"));
            for (String word : words) {
                boolean name = word.matches("(backed|data)\\.[a-z0-9]+");
                command.add(name ? folder.resolve(word).toString() : word);
                if (name) {
                    images.add(folder.resolve(word));
                }
            }
            run(command.toArray(new String[0]));
        }
        Path flat = folder.resolve("flat.vmdk");
        Files.writeString(
                flat,
                "# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n"
                        + "RW 128 FLAT \"" + file + "\" 0\n");
        images.add(flat);
        Path json = folder.resolve("json.qcow2");
        byte[] qcow2 = Files.readAllBytes(folder.resolve("backed.qcow2"));
        Files.write(
                json,
                renamed(
                        qcow2,
                        "json:{\"driver\":\"raw\",\"file\":{\"driver\":\"file\",\"filename\":\"" + file + "\"}}"));
        images.add(json);
        return images;
    }

    /** The same image with another backing file. */
    private static byte[] renamed(byte[] qcow2, String to) {
        ByteBuffer header = ByteBuffer.wrap(qcow2);
        byte[] name = to.getBytes(StandardCharsets.UTF_8);
        int at = (int) header.getLong(8);
        System.arraycopy(name, 0, qcow2, at, name.length);
        header.putInt(16, name.length);
        return qcow2;
    }

    /** Images of the corpus that name the secret. */
    private List<Path> corpus() throws IOException {
        List<Path> images = new ArrayList<>();
        for (HostileImages.Hostile image : HostileImages.reachingFor(secret.toString())) {
            boolean names = new String(image.bytes(), StandardCharsets.ISO_8859_1).contains(secret.toString());
            if (names && List.of("qcow2", "vmdk", "vhd", "vhdx", "vdi").contains(image.declared())) {
                images.add(Files.write(folder.resolve(image.name() + "." + image.declared()), image.bytes()));
            }
        }
        return images;
    }

    private static DiskFormat format(Path image) {
        String name = image.toString();
        return DiskFormat.valueOf(name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT));
    }

    /** The parser would have refused all of these; here nobody asks it. */
    @Test
    void anImageThatReachesOutReachesNothing() throws Exception {
        List<Path> images = hostile();
        images.addAll(corpus());
        assertThat(images).hasSizeGreaterThan(15);
        for (Path image : images) {
            Path trace = folder.resolve("trace");
            Files.deleteIfExists(trace);
            QemuImg program = new QemuImg(
                    ConversionConfig.DEFAULTS,
                    Confinement.of(
                            PROGRAM,
                            List.of(
                                    "/usr/bin/strace",
                                    "-f",
                                    "-s",
                                    "512",
                                    "-e",
                                    "trace=file,network",
                                    "-o",
                                    trace.toString())));
            Path out = folder.resolve("out");
            try {
                program.convert(new QemuImg.Job(image, format(image), out, "raw", LARGEST), LONG, percent -> {});
            } catch (FaultException e) {
                assertThat(e).hasMessageContaining("cannot be converted");
            }
            assertThat(Files.readString(out, StandardCharsets.ISO_8859_1)).doesNotContain(SECRET);
            assertThat(opened(trace)).as(image.toString()).contains("/in").allMatch(QemuImgTest::isItsOwn);
        }
    }

    private static boolean isItsOwn(String file) {
        return List.of("/in", "/out", "/dev/null").contains(file) || file.matches("/lib(64)?/.*\\.so[.0-9]*");
    }

    /** What qemu-img and its threads opened, and got. */
    private static List<String> opened(Path trace) throws IOException {
        List<String> opened = new ArrayList<>();
        Map<String, String> programs = new HashMap<>();
        Pattern execution = Pattern.compile("^(\\d+) +execve\\(\"([^\"]*)\"");
        Pattern open = Pattern.compile("^(\\d+) .*open(?:at)?\\([^\"]*\"([^\"]*)\".*\\) = \\d+");
        for (String line : Files.readString(trace, StandardCharsets.ISO_8859_1).split("\n")) {
            Matcher executed = execution.matcher(line);
            if (executed.find()) {
                programs.put(executed.group(1), executed.group(2));
            }
            String program = programs.getOrDefault(line.split(" ", 2)[0], "a thread");
            boolean ours = programs.containsValue(PROGRAM.toString())
                    && (program.equals(PROGRAM.toString()) || program.equals("a thread"));
            Matcher matcher = open.matcher(line);
            if (ours && matcher.find()) {
                opened.add(matcher.group(2));
            }
            assertThat(ours && line.contains("connect(")).as(line).isFalse();
        }
        return opened;
    }

    private String confined(String program, String... arguments) throws Exception {
        Path root = Files.createTempDirectory(folder, "root");
        Path out = Files.writeString(folder.resolve("out"), "");
        Process process = Confinement.of(Path.of(program), List.of())
                .start(
                        root,
                        folder.resolve("raw"),
                        out,
                        new Confinement.Limits(1L << 30, 60, LARGEST),
                        List.of(arguments));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    @Test
    void aConfinedProgramSeesNothingButItsOwn() throws Exception {
        assertThat(confined("/usr/bin/ls", "-A", "/").lines())
                .contains("in", "out", "dev", "usr")
                .doesNotContain("etc", "proc", "tmp", "home", "root", "work");
        assertThat(confined("/usr/bin/ls", "-A", "/dev").strip()).isEqualTo("null");
        assertThat(confined("/usr/bin/env")).doesNotContain("HOME").doesNotContain("JAVA");
        assertThat(confined("/usr/bin/cp", "/in", "/new")).isEmpty();
        assertThat(confined("/usr/bin/ls", "-A", "/")).doesNotContain("new");
        assertThat(confined("/usr/bin/cp", "/out", "/in")).isEmpty();
        assertThat(Files.readAllBytes(folder.resolve("raw"))).isEqualTo(data);
        assertThat(confined("/usr/bin/setpriv", "--dump")).contains("Capability bounding set: [none]");
    }

    @Test
    void aConfinedProgramEndsWithWhoeverStartedIt() throws Exception {
        Path root = Files.createTempDirectory(folder, "root");
        Process process = Confinement.of(Path.of("/usr/bin/sleep"), List.of())
                .start(
                        root,
                        folder.resolve("raw"),
                        Files.writeString(folder.resolve("out"), ""),
                        new Confinement.Limits(1L << 30, 60, LARGEST),
                        List.of("1000"));
        assertThat(process.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        process.getOutputStream().close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        Eventually.happens("nothing of it runs any more", () -> !isRunning(folder.toString()));
        assertThat(run("cat", "/proc/self/mounts")).doesNotContain(root.toString());
    }

    @Test
    void progressIsReadFromWhatItSays() {
        assertThat(QemuImg.percent("    (37.50/100%)")).contains(37);
        assertThat(QemuImg.percent("    (100.00/100%)")).contains(100);
        assertThat(QemuImg.percent("")).isEmpty();
        assertThat(QemuImg.percent("(x.y)")).isEmpty();
    }
}
