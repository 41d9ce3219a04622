package io.nacre.keystone.mapping;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.mapping.rule.Rules;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "OS-FEDERATION", mappings. */
public final class MappingApi {
    private static final String PATH = "/OS-FEDERATION/mappings";

    private static final PolicyRule LIST = KeystonePolicy.cloud("list_mappings", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_mapping", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_mapping", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_mapping", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_mapping", ADMIN);

    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["mapping"], "properties": {"mapping": {"type": "object",
              "properties": {"schema_version": {"type": ["string", "null"]}}}}}
            """);

    private final Transactions transactions;
    private final MappingStore mappings;

    public MappingApi(Transactions transactions, MappingStore mappings) {
        this.transactions = transactions;
        this.mappings = mappings;
    }

    public List<Route> routes() {
        String all = "/v3" + PATH;
        String one = all + "/{mapping_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.get(one).policy(GET).to(this::show),
                Route.put(one).policy(CREATE).body(BODY).to(this::create),
                Route.patch(one).policy(UPDATE).body(BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, Mapping mapping) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", mapping.id());
        shown.put("schema_version", mapping.schemaVersion());
        shown.put("rules", mapping.rules());
        return Envelope.linked(request, shown, PATH + "/" + mapping.id());
    }

    private Response list(Request request) {
        return Envelope.collection(request, "mappings", transactions.read(mappings::list), MappingApi::show);
    }

    private Response show(Request request) {
        return shown(request, 200, transactions.read(tx -> mappings.require(tx, request.param("mapping_id"))));
    }

    private static Response shown(Request request, int status, Mapping mapping) {
        return Envelope.member(status, "mapping", show(request, mapping));
    }

    /** The whole mapping must be sent, also to change it. */
    private static Mapping sent(Request request, String id) {
        JsonNode sent = request.json("mapping");
        String version = sent.path("schema_version").asString("");
        String known = version.isEmpty() ? MappingSchemas.DEFAULT_VERSION : version;
        MappingSchemas.check(known, sent);
        Rules.of(known, sent.get("rules"));
        return new Mapping(id, known, sent.get("rules"));
    }

    private Response create(Request request) {
        Mapping mapping = sent(request, ChosenIds.of(request, "mapping_id"));
        transactions.run(tx -> mappings.create(tx, mapping));
        return shown(request, 201, mapping);
    }

    private Response update(Request request) {
        Mapping mapping = sent(request, request.param("mapping_id"));
        transactions.run(tx -> {
            mappings.require(tx, mapping.id());
            mappings.update(tx, mapping);
        });
        return shown(request, 200, mapping);
    }

    private Response delete(Request request) {
        transactions.run(tx -> mappings.delete(
                tx, mappings.require(tx, request.param("mapping_id")).id()));
        return Response.empty(204);
    }
}
