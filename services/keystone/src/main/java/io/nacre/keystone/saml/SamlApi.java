package io.nacre.keystone.saml;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.keystone.auth.Authorization;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.saml.SamlResponse.Frame;
import io.nacre.keystone.serviceprovider.ServiceProvider;
import io.nacre.keystone.serviceprovider.ServiceProviderStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** API reference "OS-FEDERATION", assertions: this cloud as an identity provider. */
public final class SamlApi {
    private static final String XML = "text/xml";
    private static final Schema BODY = Schema.of("""
            {"type": "object", "required": ["auth"], "properties": {"auth": {"type": "object",
              "required": ["identity", "scope"], "additionalProperties": false, "properties": {
                "identity": {"type": "object", "required": ["token"], "additionalProperties": false, "properties": {
                  "methods": {"type": "array"},
                  "token": {"$ref": "#/$defs/named"}}},
                "scope": {"type": "object", "required": ["service_provider"], "additionalProperties": false,
                  "properties": {"service_provider": {"$ref": "#/$defs/named"}}}}}},
             "$defs": {"named": {"type": "object", "required": ["id"], "additionalProperties": false, "properties": {
               "id": {"type": "string"}}}}}
            """);

    private final Transactions transactions;
    private final Stores stores;
    private final ValidTokens tokens;
    private final SamlConfig config;
    private final Metadata metadata;
    private final SamlResponse responses;
    private final InstantSource clock;

    /** Where it looks things up. */
    public record Stores(ServiceProviderStore serviceProviders, GroupStore groups, ProjectStore projects) {}

    public SamlApi(
            Transactions transactions,
            Stores stores,
            ValidTokens tokens,
            SamlConfig config,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.stores = stores;
        this.tokens = tokens;
        this.config = config;
        this.clock = clock;
        SigningKey key = new SigningKey(config);
        metadata = new Metadata(config, key);
        responses = new SamlResponse(key, ids);
    }

    public List<Route> routes() {
        String path = "/v3/auth/OS-FEDERATION/saml2";
        return List.of(
                Route.get("/v3/OS-FEDERATION/saml2/metadata")
                        .open()
                        .to(request -> Response.bytes(200, XML, metadata.bytes())),
                Route.post(path).open().body(BODY).to(this::assertion),
                Route.post(path + "/ecp").open().body(BODY).to(this::enhanced));
    }

    private Response assertion(Request request) {
        ServiceProvider to = recipient(request);
        Authorization who = subject(request);
        return shown(to, responses.plain(frame(to, who), claims(who)));
    }

    private Response enhanced(Request request) {
        ServiceProvider to = recipient(request);
        Authorization who = subject(request);
        return shown(to, responses.forEnhancedClient(frame(to, who), claims(who), to.relayStatePrefix()));
    }

    private static Response shown(ServiceProvider to, byte[] document) {
        return Response.bytes(200, XML, document).header("X-sp-url", to.spUrl()).header("X-auth-url", to.authUrl());
    }

    private ServiceProvider recipient(Request request) {
        String id = request.json("auth").at("/scope/service_provider/id").asString();
        ServiceProvider provider =
                transactions.read(tx -> stores.serviceProviders().require(tx, id));
        if (!provider.enabled()) {
            throw Fault.forbidden("Service Provider " + id + " is disabled");
        }
        return provider;
    }

    /** A token that is bound to some requests here would be bound to none there. */
    private Authorization subject(Request request) {
        Authorization subject =
                known(request.json("auth").at("/identity/token/id").asString());
        if (subject.project() == null) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Use a project scoped token"
                    + " when attempting to create a SAML assertion.");
        }
        if (subject.credential() != null && subject.credential().accessRules() != null) {
            throw Fault.forbidden("You are not authorized to perform the requested action: Using a token that is bound"
                    + " to access rules to create a SAML assertion.");
        }
        return subject;
    }

    /** The original answers 404 when the token is not good. */
    private Authorization known(String text) {
        try {
            return tokens.require(text);
        } catch (FaultException e) {
            throw e.is(Fault.Kind.UNAUTHENTICATED) ? tokens.notFound(text) : e;
        }
    }

    private Frame frame(ServiceProvider to, Authorization who) {
        Instant now = clock.instant();
        Instant end = now.plus(config.assertionExpirationTime());
        return new Frame(
                Metadata.entityId(config), to.spUrl(), now, end.isAfter(who.validUntil()) ? who.validUntil() : end);
    }

    private Claims claims(Authorization who) {
        if (who.project() == null || who.domain() == null) {
            throw new IllegalArgumentException("no token for a project");
        }
        return new Claims(
                who.user().name(),
                who.userDomain().name(),
                who.roles().stream().map(Role::name).toList(),
                who.project().name(),
                who.domain().name(),
                transactions.read(tx -> groups(tx, who.user().id())));
    }

    private List<String> groups(Tx tx, String userId) {
        return stores.groups().list(tx, stores.groups().groupsOf(tx, userId), List.of()).stream()
                .map(group -> "JSON:"
                        + Json.write(Map.of(
                                "name",
                                group.name(),
                                "domain",
                                Map.of(
                                        "name",
                                        stores.projects()
                                                .requireDomain(tx, group.domainId())
                                                .name()))))
                .toList();
    }
}
