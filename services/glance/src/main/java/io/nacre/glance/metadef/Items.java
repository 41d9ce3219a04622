package io.nacre.glance.metadef;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import io.nacre.http.Request;
import io.nacre.http.Response;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What every kind of item lets do with it, below the namespace and the name in the path. */
final class Items {
    private final Transactions transactions;
    private final NamespaceAccess access;
    private final ItemStore store;
    private final Clockwork clockwork;

    Items(Transactions transactions, NamespaceAccess access, ItemStore store, Clockwork clockwork) {
        this.transactions = transactions;
        this.access = access;
        this.store = store;
        this.clockwork = clockwork;
    }

    /** An item with its namespace, to be shown. */
    record Found(Namespace namespace, Item item) {}

    Found show(Request request, Item.Kind kind) {
        return transactions.read(tx -> {
            Namespace namespace = access.see(tx, request);
            return new Found(namespace, store.require(tx, namespace, kind, request.param("name")));
        });
    }

    Found create(Request request, Item.Kind kind) {
        Wire.requireWritable(request.json());
        return create(request, kind, request.json().get("name").stringValue(), request.json());
    }

    Found create(Request request, Item.Kind kind, String name, JsonNode body) {
        return transactions.write(tx -> {
            Namespace namespace = access.hold(tx, request);
            return new Found(namespace, add(tx, namespace, kind, name, body));
        });
    }

    /** Adds to a namespace that is held or new. */
    Item add(Tx tx, Namespace namespace, Item.Kind kind, String name, JsonNode body) {
        Instant now = clockwork.now();
        Item item = new Item(clockwork.id(), namespace.id(), kind, Wire.name(name), definition(body), now, now);
        store.add(tx, namespace, item);
        return item;
    }

    Found update(Request request, Item.Kind kind) {
        Wire.requireWritable(request.json());
        return transactions.write(tx -> {
            Namespace namespace = access.hold(tx, request);
            JsonNode body = request.json();
            Item item = store.require(tx, namespace, kind, request.param("name"))
                    .with(Wire.name(body.get("name").stringValue()), definition(body), clockwork.now());
            store.save(tx, namespace, item);
            return new Found(namespace, item);
        });
    }

    Response delete(Request request, Item.Kind kind) {
        transactions.run(tx -> {
            Namespace namespace = access.hold(tx, request);
            Item item = store.require(tx, namespace, kind, request.param("name"));
            if (namespace.guarded()) {
                throw Fault.forbidden(
                        "Metadata definition " + kind + " " + item.name() + " is protected and cannot be deleted.");
            }
            store.remove(tx, item);
        });
        return Response.empty(204);
    }

    Response deleteAll(Request request, Item.Kind kind) {
        transactions.run(tx -> {
            Namespace namespace = access.hold(tx, request);
            namespace.requireUnprotected();
            store.removeAll(tx, namespace, kind);
        });
        return Response.empty(204);
    }

    /** All that a body says beside the name. */
    private static ObjectNode definition(JsonNode body) {
        ObjectNode definition = (ObjectNode) body.deepCopy();
        definition.remove("name");
        return definition;
    }
}
