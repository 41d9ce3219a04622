package io.nacre.glance.metadef;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Ids;
import io.nacre.base.Page;
import io.nacre.database.Database;
import io.nacre.glance.Clockwork;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.testkit.EveryEngine;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class StandardLoadTest {
    private final Database database;

    StandardLoadTest(Database database) {
        this.database = database;
    }

    private void load() {
        Clockwork clockwork = new Clockwork(Ids.secure(), InstantSource.system());
        new Metadefs(database, new Policy(MetadefPolicy.rules(), Overrides.NONE), clockwork).loadStandard();
    }

    @Test
    void controllersThatStartTogetherLoadEachDefinitionOnce() throws Exception {
        try (ExecutorService controllers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> starts = IntStream.range(0, 3)
                    .mapToObj(i -> controllers.submit(this::load))
                    .toList();
            for (Future<?> start : starts) {
                start.get();
            }
        }
        NamespaceStore.Filter everything = new NamespaceStore.Filter(null, true, null, null);
        Page page = new Page(1000, null, List.of(new Page.Sort("namespace", true)), false);
        NamespaceStore namespaces = new NamespaceStore();
        List<Namespace> found = database.read(tx -> namespaces.list(tx, everything, page));
        assertThat(found).extracting(Namespace::namespace).doesNotHaveDuplicates();
        assertThat(database.read(namespaces::standard))
                .containsExactlyInAnyOrderElementsOf(
                        found.stream().map(Namespace::namespace).toList())
                .hasSize(33);
    }
}
