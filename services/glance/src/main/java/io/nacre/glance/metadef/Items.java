package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The items of one kind, below the namespace and the name in the path: what every kind lets do with them. */
final class Items {
    private final Item.Kind kind;
    private final Transactions transactions;
    private final NamespaceAccess access;
    private final ItemStore store;
    private final Clockwork clockwork;

    Items(Item.Kind kind, Transactions transactions, NamespaceAccess access, ItemStore store, Clockwork clockwork) {
        this.kind = kind;
        this.transactions = transactions;
        this.access = access;
        this.store = store;
        this.clockwork = clockwork;
    }

    /** An item with its namespace, to be shown. */
    record Found(Namespace namespace, Item item) {}

    /** Where all of them are. */
    String all() {
        return Wire.NAMESPACE + "/" + kind.plural();
    }

    /** Where one of them is. */
    String one() {
        return all() + "/{name}";
    }

    /** What is read in the namespace of the path. */
    <T> T read(Request request, BiFunction<Tx, Namespace, T> reading) {
        return transactions.read(tx -> reading.apply(tx, access.see(tx, request)));
    }

    Found show(Request request) {
        return read(request, (tx, namespace) -> new Found(namespace, require(tx, namespace, request.param("name"))));
    }

    Item require(Tx tx, Namespace namespace, String name) {
        return store.require(tx, namespace, kind, name);
    }

    List<Item> list(Tx tx, Namespace namespace) {
        return store.list(tx, namespace, kind);
    }

    List<Item> list(Tx tx, Namespace namespace, Page page) {
        return store.list(tx, namespace, kind, page);
    }

    Found create(Request request) {
        Wire.requireWritable(request.json());
        return create(request, Wire.nameIn(request.json()), request.json());
    }

    Found create(Request request, String name, JsonNode body) {
        return transactions.write(tx -> {
            Namespace namespace = access.hold(tx, request);
            return new Found(namespace, add(tx, namespace, name, body));
        });
    }

    /**
     * Makes an item of each body.
     *
     * @param instead whether they take the place of all that were there
     */
    List<Item> createAll(Request request, JsonNode bodies, boolean instead) {
        return transactions.write(tx -> {
            Namespace namespace = access.hold(tx, request);
            if (instead) {
                removeAll(tx, namespace);
            }
            return bodies.valueStream()
                    .map(body -> add(tx, namespace, Wire.nameIn(body), body))
                    .toList();
        });
    }

    /** Adds to a namespace that is held. */
    private Item add(Tx tx, Namespace namespace, String name, JsonNode body) {
        Item item = draft(namespace, name, body);
        store.add(tx, namespace, item);
        return item;
    }

    /** An item that a body describes and nobody has added yet. */
    Item draft(Namespace namespace, String name, JsonNode body) {
        Instant now = clockwork.now();
        return new Item(clockwork.id(), namespace.id(), kind, Wire.name(name), definition(body), now, now);
    }

    Found update(Request request) {
        Wire.requireWritable(request.json());
        return transactions.write(tx -> {
            Namespace namespace = access.hold(tx, request);
            JsonNode body = request.json();
            Item item = require(tx, namespace, request.param("name"))
                    .with(Wire.name(Wire.nameIn(body)), definition(body), clockwork.now());
            store.save(tx, namespace, item);
            return new Found(namespace, item);
        });
    }

    Response delete(Request request) {
        transactions.run(tx -> {
            Namespace namespace = access.hold(tx, request);
            Item item = require(tx, namespace, request.param("name"));
            if (namespace.guarded()) {
                throw Fault.forbidden(
                        "Metadata definition " + kind + " " + item.name() + " is protected and cannot be deleted.");
            }
            store.remove(tx, item);
        });
        return Response.empty(204);
    }

    /** @param further rules that must let the caller, beside the route's */
    Response deleteAll(Request request, PolicyRule... further) {
        transactions.run(tx -> {
            Namespace namespace = access.see(tx, request);
            for (PolicyRule rule : further) {
                access.enforce(request, rule, namespace);
            }
            namespace.requireUnprotected();
            access.hold(tx, namespace);
            removeAll(tx, namespace);
        });
        return Response.empty(204);
    }

    void removeAll(Tx tx, Namespace namespace) {
        store.removeAll(tx, namespace, kind);
    }

    /** All that a body says beside the name. */
    private static ObjectNode definition(JsonNode body) {
        ObjectNode definition = (ObjectNode) body.deepCopy();
        definition.remove("name");
        return definition;
    }
}
