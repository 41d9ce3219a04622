package io.nacre.keystone.identityprovider;

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
import io.nacre.keystone.Removals;
import io.nacre.keystone.entity.ChosenIds;
import io.nacre.keystone.entity.Envelope;
import io.nacre.keystone.entity.Fields;
import io.nacre.keystone.entity.Filter;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.policy.PolicyRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** API reference "OS-FEDERATION", identity providers. */
public final class IdentityProviderApi {
    static final String PATH = "/OS-FEDERATION/identity_providers";

    private static final PolicyRule LIST = KeystonePolicy.cloud("list_identity_providers", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule GET = KeystonePolicy.cloud("get_identity_provider", ADMIN_OR_SYSTEM_READER);
    private static final PolicyRule CREATE = KeystonePolicy.cloud("create_identity_provider", ADMIN);
    private static final PolicyRule UPDATE = KeystonePolicy.cloud("update_identity_provider", ADMIN);
    private static final PolicyRule DELETE = KeystonePolicy.cloud("delete_identity_provider", ADMIN);

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

    private final Transactions transactions;
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
        this.transactions = transactions;
        this.providers = providers;
        this.projects = projects;
        this.removals = removals;
        this.ids = ids;
    }

    public List<Route> routes() {
        String all = "/v3" + PATH;
        String one = all + "/{idp_id}";
        return List.of(
                Route.get(all).policy(LIST).to(this::list),
                Route.get(one).policy(GET).to(this::show),
                Route.put(one).policy(CREATE).body(CREATE_BODY).to(this::create),
                Route.patch(one).policy(UPDATE).body(UPDATE_BODY).to(this::update),
                Route.delete(one).policy(DELETE).to(this::delete));
    }

    private static Map<String, @Nullable Object> show(Request request, IdentityProvider provider) {
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

    private Response list(Request request) {
        List<Filter> filters = Filter.of(request.query(), "id", "enabled");
        return Envelope.collection(
                request,
                "identity_providers",
                transactions.read(tx -> providers.list(tx, filters)),
                IdentityProviderApi::show);
    }

    private Response show(Request request) {
        return shown(request, 200, transactions.read(tx -> require(tx, request)));
    }

    private IdentityProvider require(Tx tx, Request request) {
        return providers.require(tx, request.param("idp_id"));
    }

    private static Response shown(Request request, int status, IdentityProvider provider) {
        return Envelope.member(status, "identity_provider", show(request, provider));
    }

    private Response create(Request request) {
        Fields fields = Fields.of(request, "identity_provider");
        String id = ChosenIds.of(request, "idp_id");
        IdentityProvider created = transactions.write(tx -> {
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
        });
        return shown(request, 201, created);
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

    private Response update(Request request) {
        Fields fields = Fields.of(request, "identity_provider");
        IdentityProvider changed = transactions.write(tx -> {
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
        });
        return shown(request, 200, changed);
    }

    private Response delete(Request request) {
        transactions.run(tx -> removals.identityProvider(tx, require(tx, request)));
        return Response.empty(204);
    }
}
