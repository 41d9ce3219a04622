package io.nacre.keystone.identityprovider;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.mapping.MappingStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "OS-FEDERATION", protocols of an identity provider. */
public final class ProtocolApi {
    private static final PolicyRule LIST = KeystonePolicy.cloud("list_protocols", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_protocol", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_protocol", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_protocol", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_protocol", ADMIN);

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

    private final Transactions transactions;
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
        this.transactions = transactions;
        this.providers = providers;
        this.protocols = protocols;
        this.mappings = mappings;
        this.removals = removals;
    }

    public List<Route> routes() {
        String all = "/v3" + IdentityProviderApi.PATH + "/{idp_id}/protocols";
        String one = all + "/{protocol_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.get(one).policy(GET).to(this::show),
                Route.put(one).policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, Protocol protocol) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", protocol.id());
        shown.put("mapping_id", protocol.mappingId());
        shown.put("remote_id_attribute", protocol.remoteIdAttribute());
        String provider = Envelope.url(request, IdentityProviderApi.PATH + "/" + protocol.identityProviderId());
        shown.put("links", Map.of("identity_provider", provider, "self", provider + "/protocols/" + protocol.id()));
        return shown;
    }

    private Response list(Request request) {
        return Envelope.collection(
                request,
                "protocols",
                transactions.read(tx -> protocols.ofProvider(tx, request.param("idp_id"))),
                ProtocolApi::show);
    }

    private Response show(Request request) {
        return shown(request, 200, transactions.read(tx -> require(tx, request)));
    }

    private Protocol require(Tx tx, Request request) {
        return protocols.require(tx, request.param("idp_id"), request.param("protocol_id"));
    }

    private static Response shown(Request request, int status, Protocol protocol) {
        return Envelope.member(status, "protocol", show(request, protocol));
    }

    private String requireMapping(Tx tx, String id) {
        if (mappings.find(tx, id).isEmpty()) {
            throw Fault.invalid("Invalid mapping id: " + id);
        }
        return id;
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "protocol");
        Protocol created = transactions.write(tx -> {
            Protocol protocol = new Protocol(
                    providers.require(tx, request.param("idp_id")).id(),
                    ChosenIds.of(request, "protocol_id"),
                    requireMapping(tx, fields.required("mapping_id")),
                    fields.text("remote_id_attribute"));
            protocols.create(tx, protocol);
            return protocol;
        });
        return shown(request, 201, created);
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "protocol");
        Protocol changed = transactions.write(tx -> {
            Protocol present = require(tx, request);
            String mappingId = fields.text("mapping_id");
            Protocol next = new Protocol(
                    present.identityProviderId(),
                    present.id(),
                    mappingId == null ? present.mappingId() : requireMapping(tx, mappingId),
                    fields.text("remote_id_attribute", present.remoteIdAttribute()));
            protocols.update(tx, next);
            return next;
        });
        return shown(request, 200, changed);
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.protocol(tx, require(tx, request)));
        return Response.empty(204);
    }
}
