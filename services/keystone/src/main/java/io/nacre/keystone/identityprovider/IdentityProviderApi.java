package io.nacre.keystone.identityprovider;

import io.nacre.base.Ids;
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
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** API reference "OS-FEDERATION", identity providers. */
public final class IdentityProviderApi extends ChosenIdApi<IdentityProvider> {
    static final String PATH = "/OS-FEDERATION/identity_providers";

    private static final String PROPERTIES = """
            "enabled": {"type": "boolean"},
            "description": {"type": ["string", "null"]},
            "authorization_ttl": {"type": ["integer", "null"], "minimum": 0, "maximum": 2147483647},
            "remote_ids": {"type": ["array", "null"], "uniqueItems": true,
                           "items": {"type": "string", "maxLength": 255}}
            """;
    private static final Schema CREATE_BODY = Schema.of("""
            {"type": "object", "required": ["identity_provider"], "properties": {"identity_provider":
              {"type": "object", "additionalProperties": false, "properties": {
                "domain_id":
                  {"type": ["string", "null"], "minLength": 1, "maxLength": 64, "pattern": "^[a-zA-Z0-9-]+$"},
                %s}}}}
            """.formatted(PROPERTIES));
    private static final Schema UPDATE_BODY = Schema.of("""
            {"type": "object", "required": ["identity_provider"], "properties": {"identity_provider":
              {"type": "object", "minProperties": 1, "additionalProperties": false, "properties": {%s}}}}
            """.formatted(PROPERTIES));

    private final IdentityProviderStore providers;
    private final ProjectStore projects;
    private final Removals removals;
    private final Ids ids;

    public IdentityProviderApi(
            Transactions transactions,
            IdentityProviderStore providers,
            ProjectStore projects,
            Removals removals,
            Ids ids) {
        super(transactions, "identity_provider", "identity_providers");
        this.providers = providers;
        this.projects = projects;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        return routes(PATH, "idp_id", CREATE_BODY, UPDATE_BODY);
    }

    @Override
    protected Map<String, @Nullable Object> show(Request request, IdentityProvider provider) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("id", provider.id());
        shown.put("domain_id", provider.domainId());
        shown.put("enabled", provider.enabled());
        shown.put("description", provider.description());
        shown.put("remote_ids", provider.remoteIds());
        shown.put("authorization_ttl", provider.authorizationTtl());
        String self = Envelope.url(request, PATH + "/" + provider.id());
        shown.put("links", Map.of("self", self, "protocols", self + "/protocols"));
        return shown;
    }

    @Override
    protected Function<Tx, List<IdentityProvider>> found(Request request) {
        List<Filter> filters = Filter.of(request.query(), "id", "enabled");
        return tx -> providers.list(tx, filters);
    }

    @Override
    protected IdentityProvider require(Tx tx, Request request) {
        return providers.require(tx, request.param("idp_id"));
    }

    @Override
    protected Function<Tx, IdentityProvider> create(Request request) {
        Fields fields = Fields.of(request, "identity_provider");
        String id = ChosenIds.of(request, "idp_id");
        return tx -> {
            String domainId = fields.text("domain_id");
            IdentityProvider provider = new IdentityProvider(
                    id,
                    domainId == null
                            ? newDomain(tx, id)
                            : projects.requireDomain(tx, domainId).id(),
                    fields.flag("enabled", false),
                    fields.text("description"),
                    fields.integer("authorization_ttl"),
                    fields.texts("remote_ids", List.of()));
            providers.create(tx, provider);
            return providers.require(tx, id);
        };
    }

    /** For the users of a provider that comes without one. */
    private String newDomain(Tx tx, String providerId) {
        String id = ids.hex();
        projects.create(
                tx,
                new Project(
                        id,
                        id,
                        null,
                        null,
                        true,
                        true,
                        "Auto generated federated domain for Identity Provider: " + providerId,
                        List.of(),
                        Map.of(),
                        Map.of()));
        return id;
    }

    @Override
    protected Function<Tx, IdentityProvider> update(Request request) {
        Fields fields = Fields.of(request, "identity_provider");
        return tx -> {
            IdentityProvider present = require(tx, request);
            IdentityProvider next = new IdentityProvider(
                    present.id(),
                    present.domainId(),
                    fields.flag("enabled", present.enabled()),
                    fields.text("description", present.description()),
                    fields.has("authorization_ttl") ? fields.integer("authorization_ttl") : present.authorizationTtl(),
                    fields.texts("remote_ids", present.remoteIds()));
            providers.update(tx, next);
            removals.identityProviderChanged(tx);
            return providers.require(tx, present.id());
        };
    }

    @Override
    protected void delete(Tx tx, IdentityProvider present) {
        removals.identityProvider(tx, present);
    }
}
