package io.nacre.keystone.serviceprovider;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.entity.ChosenIdApi;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.revocation.Revocations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** API reference "OS-FEDERATION", service providers. Tokens name those that are enabled. */
public final class ServiceProviderApi extends ChosenIdApi<ServiceProvider> {
    private static final String PATH = "/OS-FEDERATION/service_providers";

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

    private final ServiceProviderStore providers;
    private final Revocations revocations;
    private final String relayStatePrefix;

    /** @param relayStatePrefix of those that are made without one */
    public ServiceProviderApi(
            Transactions transactions,
            ServiceProviderStore providers,
            Revocations revocations,
            String relayStatePrefix) {
        super(transactions, "service_provider", "service_providers");
        this.providers = providers;
        this.revocations = revocations;
        this.relayStatePrefix = relayStatePrefix;
    }

    public List<Route> routes() {
        return routes(PATH, "sp_id", CREATE_BODY, UPDATE_BODY);
    }

    @Override
    protected Map<String, @Nullable Object> show(Request request, ServiceProvider provider) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", provider.id());
        shown.put("auth_url", provider.authUrl());
        shown.put("sp_url", provider.spUrl());
        shown.put("description", provider.description());
        shown.put("enabled", provider.enabled());
        shown.put("relay_state_prefix", provider.relayStatePrefix());
        return Envelope.linked(request, shown, PATH + "/" + provider.id());
    }

    @Override
    protected Function<Tx, List<ServiceProvider>> found(Request request) {
        List<Filter> filters = Filter.of(request.query(), "id", "enabled");
        return tx -> providers.list(tx, filters);
    }

    @Override
    protected ServiceProvider require(Tx tx, Request request) {
        return providers.require(tx, request.param("sp_id"));
    }

    @Override
    protected Function<Tx, ServiceProvider> create(Request request) {
        Fields fields = Fields.of(request, "service_provider");
        ServiceProvider provider = new ServiceProvider(
                ChosenIds.of(request, "sp_id"),
                fields.required("auth_url"),
                fields.required("sp_url"),
                fields.text("description"),
                fields.flag("enabled", false),
                Objects.requireNonNullElse(fields.text("relay_state_prefix"), relayStatePrefix));
        return tx -> {
            providers.create(tx, provider);
            revocations.changed(tx);
            return provider;
        };
    }

    @Override
    protected Function<Tx, ServiceProvider> update(Request request) {
        Fields fields = Fields.of(request, "service_provider");
        return tx -> {
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
        };
    }

    @Override
    protected void delete(Tx tx, ServiceProvider present) {
        providers.delete(tx, present.id());
        revocations.changed(tx);
    }
}
