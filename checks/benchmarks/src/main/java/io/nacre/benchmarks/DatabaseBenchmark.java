package io.nacre.benchmarks;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskConfig;
import io.nacre.tasks.TaskEngine;
import io.nacre.testkit.Eventually;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.jooq.Field;

/**
 * Transactions and tasks per second: {@code DatabaseBenchmark [folder on the disk to measure] [engine ...]}.
 *
 * <p>A write is seven rows, a read is one row by its key. A task has six steps, three local ones that write a row or
 * two and three remote ones that answer at once; a hundred of them are started by eight clients.
 */
public final class DatabaseBenchmark {
    private static final Columns SERVER = Columns.of("bench_server");
    private static final Field<String> ID = SERVER.text("id");
    private static final Field<String> NAME = SERVER.text("name");
    private static final Field<String> STATE = SERVER.text("state");
    private static final Field<Long> GENERATION = SERVER.number("generation");
    private static final Columns PORT = Columns.of("bench_port");
    private static final Field<String> PORT_ID = PORT.text("id");
    private static final Field<String> SERVER_ID = PORT.text("server_id");
    private static final Field<String> ADDRESS = PORT.text("address");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int TASKS = 100;

    private final Database database;
    private final Ids ids = Ids.secure();

    record Server(String id, String port) {}

    private DatabaseBenchmark(Database database) {
        this.database = database;
    }

    public static void main(String[] arguments) {
        Engines.each(
                arguments,
                List.of("db/benchmarks", TaskEngine.MIGRATIONS),
                database -> new DatabaseBenchmark(database).run());
    }

    private void run() {
        for (int callers : new int[] {1, 8, 32, 256}) {
            load("write, 7 rows", callers, i -> database.run(this::write));
        }
        String known = ids.uuid();
        database.run(tx -> server(tx, known));
        for (int callers : new int[] {1, 32}) {
            load("read, 1 row", callers, i -> database.<Integer>read(tx -> read(tx, known)));
        }
        tasks("first (cold)");
        for (int round = 2; round <= 5; round++) {
            tasks("round " + round);
        }
    }

    /** Warms up for a second and measures for three. */
    private static void load(String what, int callers, IntConsumer work) {
        measure(callers, SECOND, work);
        Figures figures = measure(callers, SECOND.multipliedBy(3), work);
        print(String.format(
                Locale.ROOT,
                "%-14s %4d callers  %8.0f /s  %s",
                what,
                callers,
                figures.perSecond,
                figures.latencies.text()));
    }

    private record Figures(double perSecond, Latencies latencies) {}

    private static Figures measure(int callers, Duration time, IntConsumer work) {
        long end = System.nanoTime() + time.toNanos();
        AtomicInteger next = new AtomicInteger();
        long[] nanos = new long[2_000_000];
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                int caller = i;
                executor.execute(() -> {
                    long start = System.nanoTime();
                    while (start < end) {
                        work.accept(caller);
                        long done = System.nanoTime();
                        nanos[next.getAndIncrement()] = done - start;
                        start = done;
                    }
                });
            }
        }
        int count = next.get();
        return new Figures(count * 1e9 / time.toNanos(), Latencies.of(nanos, count));
    }

    private void tasks(String round) {
        Saga<Server> saga = saga();
        try (TaskEngine engine = new TaskEngine(database, Clock.systemUTC(), ids, TaskConfig.DEFAULTS, "benchmark")) {
            engine.register(saga);
            engine.start();
            long start = System.nanoTime();
            AtomicInteger left = new AtomicInteger(TASKS);
            try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int client = 0; client < 8; client++) {
                    executor.execute(() -> {
                        while (left.getAndDecrement() > 0) {
                            request(engine, saga);
                        }
                    });
                }
            }
            long answered = System.nanoTime();
            Eventually.happens("all tasks are done", () -> engine.unfinished() == 0);
            long done = System.nanoTime();
            print(String.format(
                    Locale.ROOT,
                    "%d tasks of 6 steps, %s: all accepted after %.0f ms, all done after %.0f ms",
                    TASKS,
                    round,
                    (answered - start) / 1e6,
                    (done - start) / 1e6));
        }
    }

    private void request(TaskEngine engine, Saga<Server> saga) {
        String id = ids.uuid();
        database.run(tx -> {
            server(tx, id);
            engine.start(tx, Caller.nacre("req-benchmark"), saga, "server/" + id, new Server(id, ids.uuid()));
        });
    }

    private Saga<Server> saga() {
        return Saga.named("benchmark.create", Server.class)
                .local("claim", (tx, server) -> state(tx, server, "SCHEDULED"))
                .local("allocate port", (tx, server) -> {
                    port(tx, server.port(), server.id());
                    return server;
                })
                .remote("plug", SECOND, 0, (context, server) -> server)
                .remote("prepare disk", SECOND, 0, (context, server) -> server)
                .remote("spawn", SECOND, 0, (context, server) -> server)
                .local("activate", (tx, server) -> state(tx, server, "ACTIVE"))
                .build();
    }

    private void write(Tx tx) {
        String id = ids.uuid();
        server(tx, id);
        for (int i = 0; i < 6; i++) {
            port(tx, ids.uuid(), id);
        }
    }

    private static int read(Tx tx, String id) {
        return Sql.in(tx)
                .select(SERVER.all())
                .from(SERVER.table())
                .where(ID.eq(id))
                .fetch()
                .size();
    }

    private static void server(Tx tx, String id) {
        Sql.in(tx)
                .insertInto(SERVER.table(), ID, NAME, STATE, GENERATION)
                .values(id, "server", "BUILD", 0L)
                .execute();
    }

    private static void port(Tx tx, String id, String server) {
        Sql.in(tx)
                .insertInto(PORT.table(), PORT_ID, SERVER_ID, ADDRESS)
                .values(id, server, "10.0.0.1")
                .execute();
    }

    private static Server state(Tx tx, Server server, String state) {
        int changed = Sql.in(tx)
                .update(SERVER.table())
                .set(STATE, state)
                .set(GENERATION, GENERATION.plus(1))
                .where(ID.eq(server.id()))
                .execute();
        Sql.one(changed, server.id());
        return server;
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
