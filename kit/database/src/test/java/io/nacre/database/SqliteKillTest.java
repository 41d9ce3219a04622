package io.nacre.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jooq.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes is killed at random moments: what it said is committed must be there, and whole. */
class SqliteKillTest {
    private static final int CYCLES = 5;
    private static final int PARTS = 3;

    private static final Columns ITEM = Columns.of("sample_item");
    private static final Field<String> ID = ITEM.text("id");
    private static final Field<String> NAME = ITEM.text("name");
    private static final Columns PART = Columns.of("sample_part");
    private static final Field<String> PART_ID = PART.text("id");
    private static final Field<String> ITEM_ID = PART.text("item_id");

    @Test
    void nothingThatWasAnsweredIsLostAndNothingIsTorn(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("nacre.db");
        Random random = new Random(11);
        Set<String> answered = new HashSet<>();
        for (int cycle = 0; cycle < CYCLES; cycle++) {
            answered.addAll(writeAndDie(file, 100 + random.nextInt(900)));
            try (Database database = Database.open(DatabaseConfig.file(file), List.of("db/sample"))) {
                Set<String> found = database.read(tx ->
                        new HashSet<>(Sql.in(tx).select(ID).from(ITEM.table()).fetch(ID)));
                assertThat(found).containsAll(answered);
                int parts = database.<Integer>read(tx -> Sql.in(tx).fetchCount(PART.table()));
                assertThat(parts).isEqualTo(found.size() * PARTS);
                assertThat(database.<String>read(tx ->
                                Sql.in(tx).fetchSingle("pragma quick_check").get(0, String.class)))
                        .isEqualTo("ok");
            }
        }
        assertThat(answered).hasSizeGreaterThan(CYCLES * 100);
    }

    /** Kills the writer when it has answered so often. Answers what it said. */
    private static Set<String> writeAndDie(Path file, int answers) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        SqliteKillTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Set<String> answered = new HashSet<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            String line = out.readLine();
            while (line != null) {
                if (line.length() == 36) {
                    answered.add(line);
                }
                if (answered.size() == answers) {
                    // By its handle: destroying the Process would close the stream that we still read.
                    process.toHandle().destroyForcibly();
                }
                line = out.readLine();
            }
        }
        process.waitFor();
        return answered;
    }

    /** The writer: eight threads, and a line for each transaction that was answered. */
    public static void main(String[] args) throws InterruptedException {
        Database database = Database.open(DatabaseConfig.file(Path.of(args[0])), List.of("db/sample"));
        Ids ids = Ids.secure();
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        for (int i = 0; i < 8; i++) {
            executor.execute(() -> {
                while (true) {
                    String id = ids.uuid();
                    write(database, id);
                    // One write call for each line, so that a kill cannot cut one in two unnoticed.
                    System.out.write((id + "\n").getBytes(StandardCharsets.UTF_8), 0, 37);
                    System.out.flush();
                }
            });
        }
        Thread.currentThread().join();
    }

    private static void write(Database database, String id) {
        database.run(tx -> {
            Sql.in(tx).insertInto(ITEM.table(), ID, NAME).values(id, id).execute();
            for (int part = 0; part < PARTS; part++) {
                Sql.in(tx)
                        .insertInto(PART.table(), PART_ID, ITEM_ID)
                        .values(id + part, id)
                        .execute();
            }
        });
    }
}
