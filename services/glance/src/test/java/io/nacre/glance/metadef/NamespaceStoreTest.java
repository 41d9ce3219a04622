package io.nacre.glance.metadef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.base.Page;
import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class NamespaceStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");

    private final NamespaceStore namespaces = new NamespaceStore();
    private final Database database;

    NamespaceStoreTest(Database database) {
        this.database = database;
    }

    private Namespace add(String name, String owner, String visibility) {
        Namespace namespace = new Namespace(
                "id-" + name, 1, name, null, "Ünsere " + name, owner, visibility, true, NOON, NOON.plusSeconds(1));
        database.run(tx -> namespaces.add(tx, namespace));
        return namespace;
    }

    private Optional<Namespace> found(String name) {
        return database.read(tx -> namespaces.find(tx, name));
    }

    private List<String> names(NamespaceStore.Filter filter, String sortKey, String marker) {
        Page page = new Page(2, marker, List.of(new Page.Sort(sortKey, true)), false);
        return database.read(tx -> namespaces.list(tx, filter, page)).stream()
                .map(Namespace::namespace)
                .toList();
    }

    @Test
    void aNamespaceComesBackAsItWasAddedAndItsNameTellsCaseApart() {
        Namespace upper = add("A", "p", "private");
        Namespace lower = add("a", null, "public");
        assertThat(found("A")).contains(upper);
        assertThat(found("a")).contains(lower);
        assertThatThrownBy(() -> add("a", "q", "public")).isInstanceOf(FaultException.class);
    }

    @Test
    void aPageShowsWhatTheProjectMaySeeAfterTheMarker() {
        add("c", "p", "private");
        add("b", "q", "private");
        add("a", "q", "public");
        NamespaceStore.Filter mine = new NamespaceStore.Filter("p", false, null, null);
        assertThat(names(mine, "namespace", null)).containsExactly("a", "c");
        assertThat(names(mine, "created_at", "id-a")).containsExactly("c");
        assertThat(names(new NamespaceStore.Filter(null, false, null, null), "namespace", null))
                .containsExactly("a");
        assertThat(names(new NamespaceStore.Filter("p", true, "private", null), "owner", null))
                .containsExactly("c", "b");
    }

    @Test
    void aNamespaceIsFoundByTheResourceTypesItIsMeantFor() {
        ResourceTypeStore types = new ResourceTypeStore();
        Association prefixed = new Association("id-a", "Image", "hw_", "image", NOON, NOON);
        Namespace a = add("a", "p", "public");
        Namespace b = add("b", "p", "public");
        add("c", "p", "public");
        database.run(tx -> {
            types.associate(tx, a, prefixed);
            types.associate(tx, b, new Association("id-b", "Image", null, null, NOON, NOON));
            types.associate(tx, b, new Association("id-b", "Flavor", null, null, NOON, NOON));
        });
        assertThat(found(types, a)).containsExactly(prefixed);
        assertThat(names(new NamespaceStore.Filter("p", false, null, List.of("Image", "Flavor")), "namespace", null))
                .containsExactly("a", "b");
        database.run(tx -> types.dissociateAll(tx, b));
        assertThat(names(new NamespaceStore.Filter("p", false, null, List.of("Image", "Flavor")), "namespace", null))
                .containsExactly("a");
        assertThat(database.read(types::all)).extracting(ResourceType::name).containsExactly("Flavor", "Image");
    }

    private List<Association> found(ResourceTypeStore types, Namespace namespace) {
        return database.read(tx -> types.ofNamespace(tx, namespace));
    }
}
