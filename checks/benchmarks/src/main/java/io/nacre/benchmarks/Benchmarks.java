package io.nacre.benchmarks;

import io.nacre.base.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures, and prints one table of the figures: {@code Benchmarks HOME SCRATCH OFFSET IMAGE [--quick] [NAME...]}.
 *
 * <p>Whatever can be is a ratio of two measurements that take turns; the rest are medians of several rounds, each of
 * which waits a while for a machine that others leave alone.
 */
public final class Benchmarks {
    private static final Map<String, Bench.Benchmark> ALL = new LinkedHashMap<>();
    private static final Map<String, Bench.Benchmark> ONLY_BY_NAME = new LinkedHashMap<>();

    static {
        ALL.put("start", StartBenchmark::run);
        ALL.put("validation", ReadBenchmark::validation);
        ALL.put("logins", LoginBenchmark::run);
        ALL.put("users", UsersBenchmark::run);
        ALL.put("servers-detail", ReadBenchmark::servers);
        ALL.put("servers", ServersBenchmark::run);
        ALL.put("guests", GuestBenchmark::run);
        ALL.put("image-data", ImageDataBenchmark::run);
        ALL.put("images", ImageListBenchmark::run);
        ONLY_BY_NAME.put("tokens", TokensBenchmark::run);
        ONLY_BY_NAME.put("original", OriginalBenchmark::run);
    }

    private Benchmarks() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(Arrays.asList(arguments).subList(4, arguments.length));
        boolean quick = words.remove("--quick");
        Bench bench = new Bench(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Integer.parseInt(arguments[2]),
                Path.of(arguments[3]),
                quick);
        List<String> names = words.isEmpty() ? List.copyOf(ALL.keySet()) : words;
        List<Figure> figures = new ArrayList<>();
        for (String name : names) {
            Bench.Benchmark benchmark = ALL.getOrDefault(name, ONLY_BY_NAME.get(name));
            if (benchmark == null) {
                throw new IllegalArgumentException(
                        "no benchmark " + name + "; there are " + ALL.keySet() + " and " + ONLY_BY_NAME.keySet());
            }
            System.err.println("measuring " + name + " (load " + Processes.load() + ")");
            List<Figure> found = benchmark.run(bench);
            found.forEach(figure -> System.err.println("  " + figure.row()));
            figures.addAll(found);
        }
        System.out.println("| what | measured | bar | ok? |\n|---|---|---|---|");
        figures.forEach(figure -> System.out.println(figure.row()));
        write(bench, figures);
        if (!quick && figures.stream().anyMatch(figure -> Boolean.FALSE.equals(figure.ok()))) {
            System.exit(1);
        }
    }

    private static void write(Bench bench, List<Figure> figures) throws IOException {
        Path file = bench.home().resolve("var/results/benchmarks.json");
        Files.createDirectories(file.getParent());
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        all.put("processors", Runtime.getRuntime().availableProcessors());
        all.put("quick", bench.quick());
        all.put("figures", figures);
        Files.write(file, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
    }
}
