package io.nacre.keystone.identityprovider;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.ChosenIdApi;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.mapping.MappingStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** API reference "OS-FEDERATION", protocols of an identity provider. */
public final class ProtocolApi extends ChosenIdApi<Protocol> {
    private static final String PROPERTIES = """
            "mapping_id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-_]+$"},
            "remote_id_attribute": {"type": "string", "maxLength": 64}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["protocol"], "properties": {"protocol":
              {"type": "object", "required": ["mapping_id"], "additionalProperties": false, "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["protocol"], "properties": {"protocol":
              {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {%s}}}}
            """.formatted(PROPERTIES));

    private final IdentityProviderStore providers;
    private final ProtocolStore protocols;
    private final MappingStore mappings;
    private final Removals removals;

    public ProtocolApi(
            Transactions transactions,
            IdentityProviderStore providers,
            ProtocolStore protocols,
            MappingStore mappings,
            Removals removals) {
        super(transactions, "protocol", "protocols");
        this.providers = providers;
        this.protocols = protocols;
        this.mappings = mappings;
        this.removals = removals;
    }

    public List<Route> routes() {
        return routes(IdentityProviderApi.PATH + "/{idp_id}/protocols", "protocol_id", CREATE_BODY, UPDATE_BODY);
    }

    @Override
    protected Map<String, @Nullable Object> show(Request request, Protocol protocol) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", protocol.id());
        shown.put("mapping_id", protocol.mappingId());
        shown.put("remote_id_attribute", protocol.remoteIdAttribute());
        String provider = Envelope.url(request, IdentityProviderApi.PATH + "/" + protocol.identityProviderId());
        shown.put("links", Map.of("identity_provider", provider, "self", provider + "/protocols/" + protocol.id()));
        return shown;
    }

    @Override
    protected Function<Tx, List<Protocol>> found(Request request) {
        return tx -> protocols.ofProvider(tx, request.param("idp_id"));
    }

    @Override
    protected Protocol require(Tx tx, Request request) {
        return protocols.require(tx, request.param("idp_id"), request.param("protocol_id"));
    }

    private String requireMapping(Tx tx, String id) {
        if (mappings.find(tx, id).isEmpty()) {
            throw Fault.invalid("Invalid mapping id: " + id);
        }
        return id;
    }

    @Override
    protected Function<Tx, Protocol> create(Request request) {
        Fields fields = Fields.of(request, "protocol");
        return tx -> {
            Protocol protocol = new Protocol(
                    providers.require(tx, request.param("idp_id")).id(),
                    ChosenIds.of(request, "protocol_id"),
                    requireMapping(tx, fields.required("mapping_id")),
                    fields.text("remote_id_attribute"));
            protocols.create(tx, protocol);
            return protocol;
        };
    }

    @Override
    protected Function<Tx, Protocol> update(Request request) {
        Fields fields = Fields.of(request, "protocol");
        return tx -> {
            Protocol present = require(tx, request);
            String mappingId = fields.text("mapping_id");
            Protocol next = new Protocol(
                    present.identityProviderId(),
                    present.id(),
                    mappingId == null ? present.mappingId() : requireMapping(tx, mappingId),
                    fields.text("remote_id_attribute", present.remoteIdAttribute()));
            protocols.update(tx, next);
            return next;
        };
    }

    @Override
    protected void delete(Tx tx, Protocol present) {
        removals.protocol(tx, present);
    }
}
