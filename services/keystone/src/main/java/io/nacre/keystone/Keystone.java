package io.nacre.keystone;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.cache.Cache;
import io.nacre.cache.Region;
import io.nacre.contracts.peer.Identity;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.keystone.auth.TokenView;
import io.nacre.keystone.catalog.Catalog;
import io.nacre.keystone.directory.Purge;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import io.nacre.tasks.Reconciler;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The identity service: its families of resources, each in a class of its own. */
public final class Keystone implements AutoCloseable {
    /** The topic on which oslo.messaging's listeners wait for notifications. */
    public static final String NOTIFICATIONS = "notifications.info";

    /** Where its tables are made. */
    public static final String MIGRATIONS = "db/keystone";

    private final Parts parts;
    private final Authentication authentication;
    private final List<Route> routes;
    private final Overrides policyOverrides;
    private volatile String url = "";

    /**
     * A service of the catalog; everybody reaches it at the same URL.
     *
     * @param type such as compute
     * @param name such as nova
     * @param url may hold {@code $(project_id)s}
     */
    public record CatalogEntry(String type, String name, String url) {}

    /**
     * @param controller the name of this controller
     * @param region of the endpoints, such as RegionOne
     */
    public record Site(String controller, String region, List<CatalogEntry> catalog) {}

    /**
     * Who is to have all rights.
     *
     * @param user of the default domain, as the project
     */
    public record Administrator(String user, String password, String project, String role) {
        /** Names no secret. */
        @Override
        public String toString() {
            return "Administrator[" + user + "]";
        }
    }

    /**
     * @param cache for what a token stands for and how it is shown; not closed here
     * @param notifications takes what is told of changes and logins, for the topic {@link #NOTIFICATIONS}
     */
    public Keystone(
            Transactions transactions,
            KeystoneConfig config,
            Cache cache,
            Ids ids,
            InstantSource clock,
            Overrides policyOverrides,
            Consumer<JsonNode> notifications) {
        this.policyOverrides = policyOverrides;
        parts = new Parts(transactions, config, ids, clock, notifications);
        authentication = new Authentication(parts, cache);
        Stores stores = parts.stores;
        TokenView view = new TokenView(
                new Catalog(stores.services, stores.endpoints, parts.endpointFilters),
                stores.serviceProviders,
                parts.memory,
                new Region(cache, "keystone.rendered", clock));
        routes = parts.directories.guarded(Stream.of(
                        authentication.routes(view),
                        CredentialRoutes.of(parts, authentication.tokens),
                        DirectoryRoutes.of(parts),
                        CatalogRoutes.of(parts),
                        FederationRoutes.of(parts, authentication, view))
                .flatMap(family -> family)
                .toList());
    }

    /**
     * Makes what is missing of what a cloud needs before anybody can log in; to be called at every start.
     *
     * @param adminPassword of the user admin, when there is none yet
     * @param servicePassword of Nacre's own service user, when there is none yet
     * @param site this controller, and where its settings say that the services are
     */
    public void bootstrap(String adminPassword, String servicePassword, Site site) {
        parts.audit.publishAs(site.controller());
        site.catalog().stream()
                .filter(entry -> entry.type().equals("identity"))
                .findFirst()
                .ifPresent(entry -> url = entry.url());
        new Bootstrap(parts).run(adminPassword, servicePassword, site);
    }

    /** Gives somebody all rights, also when nobody has a password any more; makes what is missing. */
    public void restore(Administrator administrator) {
        new AdminAccess(parts).restore(administrator);
    }

    public Service service() {
        List<PolicyRule> rules = new ArrayList<>(KeystonePolicy.ALIASES);
        routes.stream().flatMap(route -> route.rules().stream()).distinct().forEach(rules::add);
        Policy policy = new Policy(
                rules, policyOverrides, "You are not authorized to perform the requested action: RULE.", parts.clock);
        return new Service(
                "keystone", varying(parts.audit.audited(routes)), policy, new KeystoneErrors(() -> url), null, null);
    }

    /** What is answered depends on who asks, which caches are told. */
    private static List<Route> varying(List<Route> routes) {
        return routes.stream()
                .map(route -> route.answeredBy(
                        request -> route.handler().handle(request).header("Vary", "X-Auth-Token")))
                .toList();
    }

    public Identity peer() {
        return authentication.peer();
    }

    public List<Reconciler> reconcilers() {
        return Stream.concat(authentication.reconcilers().stream(), parts.directories.reconcilers().stream())
                .toList();
    }

    /** What keeps domains from their directories; a sentence for each. Asks each directory. */
    public List<String> directoryProblems() {
        return parts.directories.problems();
    }

    /** Makes the staged key seal new tokens; those that are out stay good for as many rotations as there are keys. */
    public void rotateKeys() {
        authentication.rotateKeys();
    }

    /** Forgets what users and groups of directories are called here; answers how many. */
    public int purgeMappings(Purge which) {
        return parts.directories.purge(which);
    }

    @Override
    public void close() {
        parts.directories.close();
        parts.passwords.close();
    }
}
