package io.nacre.keystone.serviceprovider;

import static io.nacre.keystone.KeystonePolicy.ADMIN;
import static io.nacre.keystone.KeystonePolicy.ADMIN_OR_SYSTEM_READER;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.KeystonePolicy;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** API reference "OS-FEDERATION", service providers. Tokens name those that are enabled. */
public final class ServiceProviderApi {
    private static final String PATH = "/OS-FEDERATION/service_providers";

    private static final PolicyRule LIST = KeystonePolicy.cloud("list_service_providers", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_service_provider", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_service_provider", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_service_provider", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_service_provider", ADMIN);

    private static final String PROPERTIES = """
            "auth_url": {"type": "string", "maxLength": 225, "pattern": "^[a-zA-Z0-9+.-]+:.+"},
            "sp_url": {"type": "string", "maxLength": 225, "pattern": "^[a-zA-Z0-9+.-]+:.+"},
            "description": {"type": ["string", "null"]},
            "enabled": {"type": "boolean"},
            "relay_state_prefix": {"type": ["string", "null"], "maxLength": 256}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["service_provider"], "properties": {"service_provider":
              {"type": "object", "required": ["auth_url", "sp_url"], "additionalProperties": false,
               "properties": {%s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["service_provider"], "properties": {"service_provider":
              {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {%s}}}}
            """.formatted(PROPERTIES));

    private final Transactions transactions;
    private final ServiceProviderStore providers;
    private final Revocations revocations;
    private final String relayStatePrefix;

    /** @param relayStatePrefix of those that are made without one */
    public ServiceProviderApi(
            Transactions transactions,
            ServiceProviderStore providers,
            Revocations revocations,
            String relayStatePrefix) {
        this.transactions = transactions;
        this.providers = providers;
        this.revocations = revocations;
        this.relayStatePrefix = relayStatePrefix;
    }

    public List<Route> routes() {
        String all = "/v3" + PATH;
        String one = all + "/{sp_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.get(one).policy(GET).to(this::show),
                Route.put(one).policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, ServiceProvider provider) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", provider.id());
        shown.put("auth_url", provider.authUrl());
        shown.put("sp_url", provider.spUrl());
        shown.put("description", provider.description());
        shown.put("enabled", provider.enabled());
        shown.put("relay_state_prefix", provider.relayStatePrefix());
        return Envelope.linked(request, shown, PATH + "/" + provider.id());
    }

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "id", "enabled");
        return Envelope.collection(
                request,
                "service_providers",
                transactions.read(tx -> providers.list(tx, filters)),
                ServiceProviderApi::show);
    }

    private Response show(Request request) {
        return shown(request, 200, transactions.read(tx -> require(tx, request)));
    }

    private ServiceProvider require(Tx tx, Request request) {
        return providers.require(tx, request.param("sp_id"));
    }

    private static Response shown(Request request, int status, ServiceProvider provider) {
        return Envelope.member(status, "service_provider", show(request, provider));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "service_provider");
        ServiceProvider provider = new ServiceProvider(
                ChosenIds.of(request, "sp_id"),
                fields.required("auth_url"),
                fields.required("sp_url"),
                fields.text("description"),
                fields.flag("enabled", false),
                Objects.requireNonNullElse(fields.text("relay_state_prefix"), relayStatePrefix));
        transactions.run(tx -> {
            providers.create(tx, provider);
            revocations.changed(tx);
        });
        return shown(request, 201, provider);
    }

    private Response update(Request request) {
        Fields fields = Fields.of(request, "service_provider");
        ServiceProvider changed = transactions.write(tx -> {
            ServiceProvider present = require(tx, request);
            ServiceProvider next = new ServiceProvider(
                    present.id(),
                    Objects.requireNonNullElse(fields.text("auth_url"), present.authUrl()),
                    Objects.requireNonNullElse(fields.text("sp_url"), present.spUrl()),
                    fields.text("description", present.description()),
                    fields.flag("enabled", present.enabled()),
                    Objects.requireNonNullElse(fields.text("relay_state_prefix"), present.relayStatePrefix()));
            providers.update(tx, next);
            revocations.changed(tx);
            return next;
        });
        return shown(request, 200, changed);
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            providers.delete(tx, require(tx, request).id());
            revocations.changed(tx);
        });
        return Response.empty(204);
    }
}
