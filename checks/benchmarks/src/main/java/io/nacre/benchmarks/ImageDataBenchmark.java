package io.nacre.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A large image on its way in and out, beside {@code cp} of the same file with {@code md5sum} and {@code sha512sum} of
 * it, and what many transfers at once cost in memory. The client is curl, so that only the server is ours. Of a
 * download it is the client that takes most of the time, as it writes the file in small pieces: from nginx it takes as
 * long.
 */
final class ImageDataBenchmark {
    private static final long FOUR_GIB = 4L << 30;
    private static final long QUICK = 64L << 20;
    private static final double BAR = 1.2;
    private static final double MEBIBYTES = 32;
    private static final int TRANSFERS = 8;
    private static final int SAMPLE_MILLIS = 20;

    private final Bench bench;
    private final Path folder;
    private final Path source;
    private final Nacre nacre;
    private final Api api;

    private ImageDataBenchmark(Bench bench, Nacre nacre, Api api) throws IOException {
        this.bench = bench;
        this.nacre = nacre;
        this.api = api;
        this.folder = Files.createDirectories(bench.scratch().resolve("image-data"));
        this.source = folder.resolve("source");
        write(source, bench.quick() ? QUICK : FOUR_GIB);
    }

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        try (Nacre nacre = Nacre.up(bench, "images", true);
                Api api = nacre.login()) {
            ImageDataBenchmark benchmark = new ImageDataBenchmark(bench, nacre, api);
            List<Figure> figures = new ArrayList<>(benchmark.transfers());
            figures.add(benchmark.memory());
            return figures;
        }
    }

    /** Bytes that no disk, network or filesystem can make less of. */
    private static void write(Path file, long size) throws IOException {
        byte[] block = new byte[1 << 20];
        new Random(1).nextBytes(block);
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long written = 0; written < size; written += block.length) {
                block[(int) (written >> 20) % block.length]++;
                out.write(block);
            }
        }
    }

    private List<Figure> transfers() throws IOException, InterruptedException {
        try (PageCache cache = new PageCache(folder)) {
            return transfers(cache);
        }
    }

    private List<Figure> transfers(PageCache cache) throws IOException, InterruptedException {
        Path copy = folder.resolve("copy");
        Sample bare = new Sample();
        Sample up = new Sample();
        Sample down = new Sample();
        Sample upRatio = new Sample();
        Sample downRatio = new Sample();
        Sample sumsRatio = new Sample();
        Sample upCpu = new Sample();
        Sample downCpu = new Sample();
        for (int i = 0; i < bench.rounds(3); i++) {
            double hash = seconds("md5sum", source.toString()) + seconds("sha512sum", source.toString());
            settle(cache);
            double plain = seconds("cp", source.toString(), copy.toString()) + hash;
            Files.delete(copy);
            settle(cache);
            String image = image();
            double before = Processes.cpuSeconds(nacre.pid());
            double upload = upload(image, source);
            upCpu.add(Processes.cpuSeconds(nacre.pid()) - before);
            settle(cache);
            before = Processes.cpuSeconds(nacre.pid());
            double download = download(image, copy);
            downCpu.add(Processes.cpuSeconds(nacre.pid()) - before);
            if (Files.mismatch(source, copy) >= 0) {
                throw new IllegalStateException("what came back is not what was sent");
            }
            Files.delete(copy);
            api.delete(Api.Port.IMAGE, "/v2/images/" + image);
            bare.add(plain);
            up.add(upload);
            down.add(download);
            upRatio.add(upload / plain);
            downRatio.add(download / plain);
            sumsRatio.add((download + hash) / plain);
        }
        String size = (Files.size(source) >> 20) + " MiB";
        return List.of(
                figure("upload of " + size + ", beside cp, md5sum and sha512sum", upRatio, up, bare, upCpu, ""),
                figure(
                        "download of " + size + ", beside the same",
                        downRatio,
                        down,
                        bare,
                        downCpu,
                        String.format(
                                Locale.ROOT, "; with both sums of it afterwards %.0f %%", 100 * sumsRatio.median())));
    }

    /** The same state of the memory before each that is measured: full, the file that is copied within. */
    private void settle(PageCache cache) throws IOException, InterruptedException {
        if (!bench.quick()) {
            cache.fill();
        }
        seconds("cp", source.toString(), "/dev/null");
    }

    private static Figure figure(String what, Sample ratio, Sample seconds, Sample bare, Sample cpu, String more) {
        String measured = String.format(
                Locale.ROOT,
                "%.0f %% (%.0f to %.0f, %d rounds): %.1f s beside %.1f s; %.1f s of processor%s",
                100 * ratio.median(),
                100 * ratio.least(),
                100 * ratio.most(),
                ratio.values().size(),
                seconds.median(),
                bare.median(),
                cpu.median(),
                more);
        return new Figure(
                what,
                measured,
                "at most 120 %",
                ratio.median() <= BAR,
                Map.of("ratio", ratio.values(), "seconds", seconds.values(), "bareSeconds", bare.values()));
    }

    private Figure memory() throws IOException, InterruptedException {
        Path part = folder.resolve("part");
        write(part, Files.size(source) / TRANSFERS);
        String image = image();
        upload(image, part);
        double before = Processes.mebibytes(nacre.pid(), "VmRSS");
        AtomicReference<Exception> trouble = new AtomicReference<>();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < TRANSFERS; i++) {
            boolean in = i % 2 == 0;
            String into = in ? image() : image;
            clients.add(Thread.ofPlatform().start(() -> {
                try {
                    if (in) {
                        upload(into, part);
                    } else {
                        download(into, Path.of("/dev/null"));
                    }
                } catch (IOException | InterruptedException | RuntimeException e) {
                    trouble.set(e);
                }
            }));
        }
        double most = before;
        while (clients.stream().anyMatch(Thread::isAlive)) {
            most = Math.max(most, Processes.mebibytes(nacre.pid(), "VmRSS"));
            Thread.sleep(SAMPLE_MILLIS);
        }
        if (trouble.get() != null) {
            throw new IllegalStateException(trouble.get());
        }
        return new Figure(
                "memory that " + TRANSFERS + " transfers of " + (Files.size(part) >> 20) + " MiB at once take",
                String.format(Locale.ROOT, "%.0f MiB more than %.0f", most - before, before),
                "at most 32 MiB",
                most - before <= MEBIBYTES,
                Map.of("before", before, "most", most));
    }

    private String image() {
        return api.post(
                        Api.Port.IMAGE,
                        "/v2/images",
                        Map.of("name", "bench", "disk_format", "raw", "container_format", "bare"))
                .get("id")
                .asString();
    }

    private double upload(String image, Path file) throws IOException, InterruptedException {
        return seconds(
                "curl",
                "-sSf",
                "-X",
                "PUT",
                "-H",
                "X-Auth-Token: " + api.token(),
                "-H",
                "Expect:",
                "-H",
                "Content-Type: application/octet-stream",
                "-T",
                file.toString(),
                url(image));
    }

    private double download(String image, Path file) throws IOException, InterruptedException {
        return seconds("curl", "-sSf", "-H", "X-Auth-Token: " + api.token(), "-o", file.toString(), url(image));
    }

    private String url(String image) {
        return "http://127.0.0.1:" + nacre.port(Api.Port.IMAGE) + "/v2/images/" + image + "/file";
    }

    private static double seconds(String... command) throws IOException, InterruptedException {
        long began = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command[0] + ": " + said);
        }
        return (System.nanoTime() - began) / 1e9;
    }
}
