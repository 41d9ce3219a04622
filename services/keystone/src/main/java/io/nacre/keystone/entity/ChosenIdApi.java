package io.nacre.keystone.entity;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What operators of the deployment make under an id that they choose: a collection, and what is done with one of it. Its
 * rules are named after both, as {@code list_mappings} and {@code get_mapping}; administrators change, readers of the system
 * look, too.
 */
public abstract class ChosenIdApi<T> {
    private final Transactions transactions;
    private final String member;
    private final String collection;

    /** Both names are those of envelopes and rules. */
    protected ChosenIdApi(Transactions transactions, String member, String collection) {
        this.transactions = transactions;
        this.member = member;
        this.collection = collection;
    }

    /**
     * @param path of the collection, below the version
     * @param id the name of the one's id in paths
     */
    protected final List<Route> routes(String path, String id, Schema creation, Schema update) {
        String all = "/v3" + path;
        String one = all + "/{" + id + "}";
        return List.of(
                Route.get(all)
                        .policy(KeystonePolicy.cloud("list_" + collection, ADMIN_OR_SYSTEM_READER))
                        .to(this::list),
                Route.get(one)
                        .policy(KeystonePolicy.cloud("get_" + member, ADMIN_OR_SYSTEM_READER))
                        .to(this::show),
                Route.put(one)
                        .policy(KeystonePolicy.cloud("create_" + member, ADMIN))
                        .body(creation)
                        .to(request -> changed(request, 201, create(request))),
                Route.patch(one)
                        .policy(KeystonePolicy.cloud("update_" + member, ADMIN))
                        .body(update)
                        .to(request -> changed(request, 200, update(request))),
                Route.delete(one)
                        .policy(KeystonePolicy.cloud("delete_" + member, ADMIN))
                        .to(this::delete));
    }

    /** As clients see it, with its links. */
    protected abstract Map<String, @Nullable Object> show(Request request, T one);

    /** Those that the request asks for. */
    protected abstract Function<Tx, List<T>> found(Request request);

    /** The one that the path names; faults with NOT_FOUND. */
    protected abstract T require(Tx tx, Request request);

    /** Makes what is sent, and answers what was made. */
    protected abstract Function<Tx, T> create(Request request);

    /** Changes the one that the path names, and answers what it is now. */
    protected abstract Function<Tx, T> update(Request request);

    protected abstract void delete(Tx tx, T present);

    private Response list(Request request) {
        return Envelope.collection(request, collection, transactions.read(found(request)), this::show);
    }

    private Response show(Request request) {
        return shown(request, 200, transactions.read(tx -> require(tx, request)));
    }

    private Response changed(Request request, int status, Function<Tx, T> change) {
        return shown(request, status, transactions.write(change));
    }

    private Response shown(Request request, int status, T one) {
        return Envelope.member(status, member, show(request, one));
    }

    private Response delete(Request request) {
        transactions.run(tx -> delete(tx, require(tx, request)));
        return Response.empty(204);
    }
}
