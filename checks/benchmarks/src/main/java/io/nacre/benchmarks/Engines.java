package io.nacre.benchmarks;

import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig.Engine;
import io.nacre.testkit.DatabaseServers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** The databases that a benchmark's command line asks for: {@code [folder on the disk to measure] [engine ...]}. */
final class Engines {
    private Engines() {}

    /** Measures with a new database of each; SQLite when none is named. */
    static void each(String[] arguments, List<String> migrations, Consumer<Database> benchmark) {
        Path folder = Path.of(arguments.length > 0 ? arguments[0] : System.getProperty("java.io.tmpdir"));
        List<Engine> engines = Arrays.stream(arguments)
                .skip(1)
                .map(name -> Engine.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList();
        try (DatabaseServers servers = new DatabaseServers(folder)) {
            for (Engine engine : engines.isEmpty() ? List.of(Engine.SQLITE) : engines) {
                try (Database database = Database.open(servers.fresh(engine), migrations)) {
                    System.out.println(engine.name());
                    benchmark.accept(database);
                }
            }
        }
    }
}
