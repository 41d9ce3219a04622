package io.nacre.glance.metadef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.base.Json;
import io.nacre.base.LostRace;
import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class ItemStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");
    private static final Namespace NS = new Namespace("id-ns", 1, "ns", null, null, "p", "public", false, NOON, NOON);

    private final NamespaceStore namespaces = new NamespaceStore();
    private final ItemStore items = new ItemStore();
    private final Database database;

    ItemStoreTest(Database database) {
        this.database = database;
    }

    private Item add(String id, Item.Kind kind, String name) {
        Item item = new Item(id, NS.id(), kind, name, Json.object().put("title", "Ünser " + id), NOON, NOON);
        database.run(tx -> items.add(tx, NS, item));
        return item;
    }

    private List<Item> list(Item.Kind kind) {
        return database.read(tx -> items.list(tx, NS, kind));
    }

    @Test
    void aNameIsTakenOnceInEachKindAndTellsCaseApart() {
        Item object = add("1", Item.Kind.OBJECT, "a");
        Item property = add("2", Item.Kind.PROPERTY, "a");
        Item upper = add("3", Item.Kind.PROPERTY, "A");
        assertThat(list(Item.Kind.OBJECT)).containsExactly(object);
        assertThat(list(Item.Kind.PROPERTY)).containsExactlyInAnyOrder(property, upper);
        assertThatThrownBy(() -> add("4", Item.Kind.OBJECT, "a")).isInstanceOf(FaultException.class);

        Item renamed = property.with("b", Json.object(), NOON.plusSeconds(1));
        database.run(tx -> items.save(tx, NS, renamed));
        assertThat(list(Item.Kind.PROPERTY)).containsExactlyInAnyOrder(renamed, upper);
        assertThatThrownBy(() -> database.run(tx -> items.save(tx, NS, renamed.with("A", Json.object(), NOON))))
                .isInstanceOf(FaultException.class);
        database.run(tx -> items.removeAll(tx, NS, Item.Kind.PROPERTY));
        assertThat(list(Item.Kind.PROPERTY)).isEmpty();
        assertThat(list(Item.Kind.OBJECT)).containsExactly(object);
    }

    @Test
    void whoHoldsANamespaceThatSomebodyChangedStartsOver() {
        database.run(tx -> namespaces.add(tx, NS));
        database.run(tx -> namespaces.hold(tx, NS));
        assertThatThrownBy(() -> database.run(tx -> {
                    try {
                        namespaces.hold(tx, NS);
                    } catch (LostRace lost) {
                        throw new IllegalStateException("lost", lost);
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("lost");
    }
}
