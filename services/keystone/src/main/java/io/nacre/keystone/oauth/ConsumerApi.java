package io.nacre.keystone.oauth;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** API reference "OS-OAUTH1", consumers. */
public final class ConsumerApi {
    private static final String PATH = "/OS-OAUTH1/consumers";

    private static final PolicyRule LIST = KeystonePolicy.cloud("list_consumers", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_consumer", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_consumer", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_consumer", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_consumer", ADMIN);

    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["consumer"], "properties": {"consumer":
              {"type": "object", "properties": {"description": {"type": ["string", "null"]}}}}}
            """);
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["consumer"], "properties": {"consumer":
              {"type": "object", "minProperties": 1, "not": {"required": ["secret"]},
               "properties": {"description": {"type": ["string", "null"]}}}}}
            """);
    private static final Set<String> KNOWN = Set.of("id", "description", "secret", "links");

    private final Transactions transactions;
    private final ConsumerStore consumers;
    private final OAuthTokenStore tokens;
    private final Revocations revocations;
    private final Ids ids;

    public ConsumerApi(
            Transactions transactions,
            ConsumerStore consumers,
            OAuthTokenStore tokens,
            Revocations revocations,
            Ids ids) {
        this.transactions = transactions;
        this.consumers = consumers;
        this.tokens = tokens;
        this.revocations = revocations;
        this.ids = ids;
    }

    public List<Route> routes() {
        String all = "/v3" + PATH;
        String one = all + "/{consumer_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.post(all).policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.get(one).policy(GET).to(this::show),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, Consumer consumer) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>(consumer.extra());
        shown.put("id", consumer.id());
        shown.put("description", consumer.description());
        return Envelope.linked(request, shown, PATH + "/" + consumer.id());
    }

    private Response list(Request request) {
        return Envelope.collection(request, "consumers", transactions.read(consumers::list), ConsumerApi::show);
    }

    private Response show(Request request) {
        return Envelope.member(200, "consumer", show(request, transactions.read(tx -> require(tx, request))));
    }

    private Consumer require(Tx tx, Request request) {
        return consumers.require(tx, request.param("consumer_id"));
    }

    /** The secret is told this once. */
    private Response create(Request request) {
        Fields fields = Fields.of(request, "consumer");
        Consumer consumer = new Consumer(ids.hex(), fields.text("description"), fields.extra(KNOWN, Map.of()));
        String secret = ids.hex();
        transactions.run(tx -> consumers.create(tx, consumer, secret));
        Map<String, @Nullable Object> shown = show(request, consumer);
        shown.put("secret", secret);
        return Envelope.member(201, "consumer", shown);
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "consumer");
        fields.requireId(request.param("consumer_id"));
        Consumer changed = transactions.write(tx -> {
            Consumer present = require(tx, request);
            Consumer next = new Consumer(
                    present.id(),
                    fields.text("description", present.description()),
                    fields.extra(KNOWN, present.extra()));
            consumers.update(tx, next);
            return next;
        });
        return Envelope.member(200, "consumer", show(request, changed));
    }

    /** With every token that it was given. */
    private Response delete(Request request) {
        transactions.run(tx -> {
            Consumer consumer = require(tx, request);
            tokens.deleteOfConsumer(tx, consumer.id());
            consumers.delete(tx, consumer.id());
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}
