package io.nacre.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What an operation costs in processor time here and in the original: keystone and glance with their MariaDB and
 * Memcached, whose processes are all counted. Every request comes over a connection of its own, as from a command.
 */
final class OriginalBenchmark {
    private static final int IMAGES = 50;
    private static final int MEBIBYTE = 1 << 20;
    private static final double BAR = 100;

    private static final Map<String, Consumer<Cloud>> OPERATIONS = new LinkedHashMap<>();

    static {
        OPERATIONS.put("a login with a password", cloud -> cloud.login().get().close());
        OPERATIONS.put("a project, made and deleted", OriginalBenchmark::project);
        OPERATIONS.put("an image, made and deleted", OriginalBenchmark::image);
        OPERATIONS.put(
                "a list of " + IMAGES + " images", cloud -> cloud.api().get(Api.Port.IMAGE, "/v2/images?limit=50"));
        OPERATIONS.put("an image, made, given 1 MiB, read and deleted", OriginalBenchmark::data);
    }

    private OriginalBenchmark() {}

    /** One of the two, with somebody who is logged in. */
    private record Cloud(Supplier<Api> login, Api api, Supplier<List<Long>> processes, int times) {
        double cpuMillis(Consumer<Cloud> operation) {
            double before = cpu();
            for (int i = 0; i < times; i++) {
                api.reconnect();
                operation.accept(this);
            }
            return (cpu() - before) * 1000 / times;
        }

        private double cpu() {
            return processes.get().stream().mapToDouble(Processes::cpuSeconds).sum();
        }

        /** What several processes share is counted once. */
        double mebibytes() {
            return processes.get().stream()
                    .mapToDouble(pid -> Processes.mebibytes(Path.of("/proc/" + pid + "/smaps_rollup"), "Pss"))
                    .sum();
        }

        String create() {
            return api.post(
                            Api.Port.IMAGE,
                            "/v2/images",
                            Map.of("name", "bench", "disk_format", "raw", "container_format", "bare"))
                    .get("id")
                    .asString();
        }
    }

    static List<Figure> run(Bench bench) throws IOException, InterruptedException {
        try (Nacre nacre = Nacre.up(bench, "beside-the-original", true);
                Original original = Original.up(bench);
                Api here = nacre.login();
                Api there = original.login()) {
            Cloud ours = new Cloud(nacre::login, here, () -> List.of(nacre.pid()), bench.quick() ? 10 : 200);
            Cloud theirs = new Cloud(original::login, there, original::processes, 20);
            for (int i = 0; i < IMAGES; i++) {
                ours.create();
                theirs.create();
            }
            bench.awaitQuiet();
            List<Figure> figures = new ArrayList<>();
            for (Map.Entry<String, Consumer<Cloud>> operation : OPERATIONS.entrySet()) {
                figures.add(turns(bench, operation.getKey(), operation.getValue(), ours, theirs));
            }
            figures.add(Figure.shown(
                    "memory of all of Nacre after that, beside the original's identity and image services",
                    String.format(Locale.ROOT, "%.0f MiB; %.0f MiB", ours.mebibytes(), theirs.mebibytes()),
                    Map.of("nacre", ours.mebibytes(), "original", theirs.mebibytes())));
            return figures;
        }
    }

    private static Figure turns(Bench bench, String what, Consumer<Cloud> operation, Cloud ours, Cloud theirs) {
        ours.cpuMillis(operation);
        theirs.cpuMillis(operation);
        Sample our = new Sample();
        Sample their = new Sample();
        for (int i = 0; i < bench.rounds(5); i++) {
            our.add(ours.cpuMillis(operation));
            their.add(theirs.cpuMillis(operation));
        }
        double share = their.median() / our.median();
        return new Figure(
                what + ": processor beside the original's",
                String.format(
                        Locale.ROOT,
                        "%s; the original %s: 1/%.0f",
                        our.text("%.2f", "ms"),
                        their.text("%.1f", "ms"),
                        share),
                String.format(Locale.ROOT, "1/%.0f", BAR),
                share >= BAR,
                Map.of("millis", our.values(), "originalMillis", their.values()));
    }

    private static void project(Cloud cloud) {
        String id = cloud.api()
                .post(Api.Port.IDENTITY, "/v3/projects", Map.of("project", Map.of("name", "bench")))
                .get("project")
                .get("id")
                .asString();
        cloud.api().reconnect();
        cloud.api().delete(Api.Port.IDENTITY, "/v3/projects/" + id);
    }

    private static void image(Cloud cloud) {
        String id = cloud.create();
        cloud.api().reconnect();
        cloud.api().delete(Api.Port.IMAGE, "/v2/images/" + id);
    }

    private static void data(Cloud cloud) {
        String path = "/v2/images/" + cloud.create();
        cloud.api().reconnect();
        cloud.api().upload(path + "/file", new byte[MEBIBYTE]);
        cloud.api().reconnect();
        cloud.api().download(path + "/file");
        cloud.api().reconnect();
        cloud.api().delete(Api.Port.IMAGE, path);
    }
}
