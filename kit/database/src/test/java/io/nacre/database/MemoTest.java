package io.nacre.database;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Memo;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jooq.Field;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoTest {
    private static final Columns ITEM = Columns.of("sample_item");
    private static final Field<String> ID = ITEM.text("id");
    private static final Field<String> NAME = ITEM.text("name");

    @TempDir
    Path folder;

    private Database database;
    private Memo<String> memo;
    private int asked;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.file(folder.resolve("nacre.db")), List.of("db/sample"));
        memo = new Memo<>(database, 100);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anAnswerIsGivenAgainUntilSomethingIsCommitted() {
        insert("a");
        assertThat(count("all")).isEqualTo("1");
        assertThat(count("all")).isEqualTo("1");
        assertThat(asked).isEqualTo(1);
        insert("b");
        assertThat(count("all")).isEqualTo("2");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void questionsAreToldApart() {
        assertThat(count("one")).isEqualTo("0");
        assertThat(count("other")).isEqualTo("0");
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void whatIsTakenBackChangesNothing() {
        assertThat(count("all")).isEqualTo("0");
        assertThatThrownBy(() -> database.run(tx -> {
                    insert(tx, "a");
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(count("all")).isEqualTo("0");
    }

    @Test
    void moreThanTheBudgetIsNotKept() {
        assertThat(memo.answer("large", () -> new byte[101])).hasSize(101);
        assertThat(memo.answer("large", () -> new byte[1])).hasSize(1);
    }

    @Test
    void nothingIsKeptWhereOthersCommitToo() {
        Memo<String> shared = new Memo<>(
                new Transactions() {
                    @Override
                    public <T> T write(Function<Tx, T> body) {
                        return database.write(body);
                    }

                    @Override
                    public <T> T read(Function<Tx, T> body) {
                        return database.read(body);
                    }
                },
                100);
        assertThat(shared.answer("all", () -> new byte[1])).hasSize(1);
        assertThat(shared.answer("all", () -> new byte[2])).hasSize(2);
    }

    /** Whoever has been told of a commit sees it in the next answer, however many ask at the same time. */
    @Test
    void nobodyIsAnsweredFromBeforeTheirOwnCommit() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(3);
        try (ExecutorService others = Executors.newFixedThreadPool(3)) {
            for (int i = 0; i < 3; i++) {
                others.execute(() -> {
                    started.countDown();
                    while (!over.get()) {
                        memo.answer("all", this::counted);
                    }
                });
            }
            started.await();
            try {
                for (int i = 1; i <= 300; i++) {
                    insert("item-" + i);
                    assertThat(new String(memo.answer("all", this::counted), UTF_8))
                            .isEqualTo(Integer.toString(i));
                }
            } finally {
                over.set(true);
            }
        }
    }

    private String count(String key) {
        return new String(
                memo.answer(key, () -> {
                    asked++;
                    return counted();
                }),
                UTF_8);
    }

    private byte[] counted() {
        int count = database.<Integer>read(tx -> Sql.in(tx).fetchCount(ITEM.table()));
        return Integer.toString(count).getBytes(UTF_8);
    }

    private void insert(String id) {
        database.run(tx -> insert(tx, id));
    }

    private static void insert(Tx tx, String id) {
        Sql.in(tx).insertInto(ITEM.table()).set(ID, id).set(NAME, id).execute();
    }
}
