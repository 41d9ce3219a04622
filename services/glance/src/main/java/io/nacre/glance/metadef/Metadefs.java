package io.nacre.glance.metadef;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlancePolicy;
import io.nacre.http.Route;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The resources of this package, wired. */
public final class Metadefs {
    private final NamespaceApi namespaces;
    private final ResourceTypeApi resourceTypes;
    private final PropertyApi properties;
    private final ObjectApi objects;
    private final TagApi tags;
    private final StandardDefinitions standard;
    private final DefinitionFiles files;

    public Metadefs(Transactions transactions, Policy policy, Clockwork clockwork) {
        NamespaceStore store = new NamespaceStore();
        ResourceTypeStore types = new ResourceTypeStore();
        ItemStore itemStore = new ItemStore();
        NamespaceAccess access = new NamespaceAccess(transactions, store, policy);
        Function<Item.Kind, Items> items = kind -> new Items(kind, transactions, access, itemStore, clockwork);
        Items propertyItems = items.apply(Item.Kind.PROPERTY);
        Items objectItems = items.apply(Item.Kind.OBJECT);
        Items tagItems = items.apply(Item.Kind.TAG);
        NamespaceContent content = new NamespaceContent(access, types, itemStore, propertyItems, objectItems, tagItems);
        this.namespaces = new NamespaceApi(transactions, access, store, content, clockwork);
        this.resourceTypes = new ResourceTypeApi(transactions, access, types, clockwork.clock());
        this.properties = new PropertyApi(access, types, propertyItems);
        this.objects = new ObjectApi(access, objectItems);
        this.standard = new StandardDefinitions(transactions, store, content, clockwork);
        this.files = new DefinitionFiles(transactions, store, types, content, clockwork);
        this.tags = new TagApi(access, tagItems);
    }

    /** The definitions of a cloud for its operator, without the service. */
    public static DefinitionFiles files(Transactions transactions, Ids ids, InstantSource clock) {
        List<PolicyRule> rules = Stream.of(GlancePolicy.rules(), MetadefPolicy.rules())
                .flatMap(List::stream)
                .toList();
        Policy policy = new Policy(rules, Overrides.NONE);
        return new Metadefs(transactions, policy, new Clockwork(ids, clock)).files;
    }

    /** Makes the standard definitions that were not made yet. */
    public void loadStandard() {
        standard.load();
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
