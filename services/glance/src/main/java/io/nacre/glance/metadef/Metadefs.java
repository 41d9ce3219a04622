package io.nacre.glance.metadef;

import io.nacre.base.Transactions;
import io.nacre.glance.Clockwork;
import io.nacre.http.Route;
import io.nacre.policy.Policy;
import java.util.List;
import java.util.stream.Stream;

/** The resources of this package, wired. */
public final class Metadefs {
    private final NamespaceApi namespaces;
    private final ResourceTypeApi resourceTypes;
    private final PropertyApi properties;
    private final ObjectApi objects;
    private final TagApi tags;

    public Metadefs(Transactions transactions, Policy policy, Clockwork clockwork) {
        NamespaceStore store = new NamespaceStore();
        ResourceTypeStore types = new ResourceTypeStore();
        ItemStore itemStore = new ItemStore();
        NamespaceAccess access = new NamespaceAccess(transactions, store, policy);
        Items items = new Items(transactions, access, itemStore, clockwork);
        NamespaceContent content = new NamespaceContent(access, types, itemStore, items);
        this.namespaces = new NamespaceApi(transactions, access, store, content, clockwork);
        this.resourceTypes = new ResourceTypeApi(transactions, access, types, clockwork.clock());
        this.properties = new PropertyApi(transactions, access, types, itemStore, items);
        this.objects = new ObjectApi(transactions, access, itemStore, items);
        this.tags = new TagApi(transactions, access, itemStore, items);
    }

    public List<Route> routes() {
        return Stream.of(
                        namespaces.routes(),
                        resourceTypes.routes(),
                        properties.routes(),
                        objects.routes(),
                        tags.routes())
                .flatMap(List::stream)
                .toList();
    }
}
