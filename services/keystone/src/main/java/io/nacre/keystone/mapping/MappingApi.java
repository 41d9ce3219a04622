package io.nacre.keystone.mapping;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.entity.ChosenIdApi;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.mapping.rule.Rules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "OS-FEDERATION", mappings. */
public final class MappingApi extends ChosenIdApi<Mapping> {
    private static final String PATH = "/OS-FEDERATION/mappings";

    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["mapping"], "properties": {"mapping": {"type": "object",
              "properties": {"schema_version": {"type": ["string", "null"]}}}}}
            """);

    private final MappingStore mappings;

    public MappingApi(Transactions transactions, MappingStore mappings) {
        super(transactions, "mapping", "mappings");
        this.mappings = mappings;
    }

    public List<Route> routes() {
        return routes(PATH, "mapping_id", BODY, BODY);
    }

    @Override
    protected Map<String, @Nullable Object> show(Request request, Mapping mapping) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", mapping.id());
        shown.put("schema_version", mapping.schemaVersion());
        shown.put("rules", mapping.rules());
        return Envelope.linked(request, shown, PATH + "/" + mapping.id());
    }

    @Override
    protected Function<Tx, List<Mapping>> found(Request request) {
        return mappings::list;
    }

    @Override
    protected Mapping require(Tx tx, Request request) {
        return mappings.require(tx, request.param("mapping_id"));
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

    @Override
    protected Function<Tx, Mapping> create(Request request) {
        Mapping mapping = sent(request, ChosenIds.of(request, "mapping_id"));
        return tx -> {
            mappings.create(tx, mapping);
            return mapping;
        };
    }

    @Override
    protected Function<Tx, Mapping> update(Request request) {
        Mapping mapping = sent(request, request.param("mapping_id"));
        return tx -> {
            require(tx, request);
            mappings.update(tx, mapping);
            return mapping;
        };
    }

    @Override
    protected void delete(Tx tx, Mapping present) {
        mappings.delete(tx, present.id());
    }
}
