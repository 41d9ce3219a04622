package io.nacre.testkit;

import static io.nacre.testkit.SampleTable.ID;
import static io.nacre.testkit.SampleTable.NAME;
import static io.nacre.testkit.SampleTable.T;
import static io.nacre.testkit.SampleTable.WEIGHT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = "db/sample")
class PagingTest {
    private static final Paging PAGING =
            Paging.of(T, ID).key("name", NAME).key("weight", WEIGHT).ordered("name", true);

    private final Database database;

    PagingTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void rows() {
        database.run(tx -> {
            SampleTable.insert(tx, "5", "e", 2L);
            SampleTable.insert(tx, "4", "d", null);
            SampleTable.insert(tx, "3", "c", 1L);
            SampleTable.insert(tx, "2", "b", 2L);
            SampleTable.insert(tx, "1", "a", null);
        });
    }

    @Test
    void nullsComeFirstAndTiesAreBrokenByTheIdentifier() {
        assertThat(ids(new Page(100, null, sort("weight", true), false))).containsExactly("1", "4", "3", "2", "5");
        assertThat(ids(new Page(100, null, sort("weight", false), false))).containsExactly("5", "2", "3", "4", "1");
    }

    @Test
    void withoutSortKeysTheDefaultOrderHolds() {
        assertThat(ids(Page.ALL)).containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void pagesOfEverySizeAddUpToTheWholeListInBothDirections() {
        for (String key : List.of("weight", "name", "id")) {
            for (boolean ascending : List.of(true, false)) {
                List<String> whole = ids(new Page(100, null, sort(key, ascending), false));
                for (int size = 1; size <= 5; size++) {
                    assertThat(walk(size, sort(key, ascending), false)).isEqualTo(whole);
                    List<String> back = walk(size, sort(key, ascending), true);
                    assertThat(back).isEqualTo(whole);
                }
            }
        }
    }

    @Test
    void aMarkerNobodyMayNameIsRefused() {
        assertInvalid(() -> ids(new Page(10, "nowhere", List.of(), false)));
        assertInvalid(() -> database.read(tx -> PAGING.fetch(
                tx,
                Sql.in(tx).select(ID).from(T.table()).where(ID.ne("seed")),
                new Page(10, "seed", List.of(), false),
                ID.ne("seed"))));
    }

    @Test
    void anUnknownSortKeyIsRefused() {
        assertInvalid(() -> ids(new Page(10, null, sort("password", true), false)));
    }

    private static void assertInvalid(Runnable listing) {
        assertThatThrownBy(listing::run)
                .isInstanceOfSatisfying(
                        FaultException.class,
                        e -> assertThat(e.is(Fault.Kind.INVALID)).isTrue());
    }

    private static List<Page.Sort> sort(String key, boolean ascending) {
        return List.of(new Page.Sort(key, ascending));
    }

    /** All pages one after the other, from the first one forwards or from the last one backwards. */
    private List<String> walk(int size, List<Page.Sort> sorts, boolean backwards) {
        List<String> all = new ArrayList<>();
        @Nullable String marker = null;
        while (true) {
            List<String> page = ids(new Page(size, marker, sorts, backwards));
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(backwards ? 0 : all.size(), page);
            marker = backwards ? page.getFirst() : page.getLast();
        }
    }

    private List<String> ids(Page page) {
        return database.read(tx -> ids(tx, page));
    }

    private static List<String> ids(Tx tx, Page page) {
        List<String> ids = PAGING.fetch(
                        tx, Sql.in(tx).select(ID).from(T.table()).where(ID.ne("seed")), page)
                .getValues(ID);
        return Collections.unmodifiableList(ids);
    }
}
