package io.nacre.keystone;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.cache.Cache;
import io.nacre.cache.Region;
import io.nacre.contracts.peer.Identity;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.keystone.applicationcredential.AccessRuleApi;
import io.nacre.keystone.applicationcredential.ApplicationCredentialApi;
import io.nacre.keystone.applicationcredential.ApplicationCredentialStore;
import io.nacre.keystone.assignment.AssignmentApi;
import io.nacre.keystone.assignment.AssignmentStore;
import io.nacre.keystone.assignment.EffectiveRoles;
import io.nacre.keystone.assignment.GrantApi;
import io.nacre.keystone.assignment.SystemGrantApi;
import io.nacre.keystone.auth.AuthApi;
import io.nacre.keystone.auth.Authorizations;
import io.nacre.keystone.auth.Factors;
import io.nacre.keystone.auth.Login;
import io.nacre.keystone.auth.Methods;
import io.nacre.keystone.auth.ScopeApi;
import io.nacre.keystone.auth.ServiceTokens;
import io.nacre.keystone.auth.TokenView;
import io.nacre.keystone.auth.ValidTokens;
import io.nacre.keystone.catalog.Catalog;
import io.nacre.keystone.credential.CredentialApi;
import io.nacre.keystone.credential.CredentialStore;
import io.nacre.keystone.credential.Ec2CredentialApi;
import io.nacre.keystone.credential.SignatureApi;
import io.nacre.keystone.credential.Totp;
import io.nacre.keystone.domain.DomainApi;
import io.nacre.keystone.endpoint.AnnouncedStore;
import io.nacre.keystone.endpoint.EndpointApi;
import io.nacre.keystone.endpoint.EndpointStore;
import io.nacre.keystone.endpointpolicy.EndpointPolicyApi;
import io.nacre.keystone.endpointpolicy.PolicyAssociationStore;
import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.group.GroupApi;
import io.nacre.keystone.group.GroupStore;
import io.nacre.keystone.group.MembershipApi;
import io.nacre.keystone.limit.Existence;
import io.nacre.keystone.limit.LimitApi;
import io.nacre.keystone.limit.LimitStore;
import io.nacre.keystone.limit.RegisteredLimitApi;
import io.nacre.keystone.limit.RegisteredLimitStore;
import io.nacre.keystone.password.Passwords;
import io.nacre.keystone.policydocument.PolicyDocumentApi;
import io.nacre.keystone.policydocument.PolicyDocumentStore;
import io.nacre.keystone.project.ProjectApi;
import io.nacre.keystone.project.ProjectStore;
import io.nacre.keystone.project.ProjectTree;
import io.nacre.keystone.project.TagApi;
import io.nacre.keystone.region.RegionApi;
import io.nacre.keystone.region.RegionStore;
import io.nacre.keystone.revocation.RevocationApi;
import io.nacre.keystone.revocation.RevocationStore;
import io.nacre.keystone.revocation.Revocations;
import io.nacre.keystone.role.ImpliedRoleApi;
import io.nacre.keystone.role.RoleApi;
import io.nacre.keystone.role.RoleStore;
import io.nacre.keystone.service.ServiceApi;
import io.nacre.keystone.service.ServiceStore;
import io.nacre.keystone.token.Receipts;
import io.nacre.keystone.token.Tokens;
import io.nacre.keystone.trust.Delegation;
import io.nacre.keystone.trust.TrustApi;
import io.nacre.keystone.trust.TrustStore;
import io.nacre.keystone.user.PasswordApi;
import io.nacre.keystone.user.UserApi;
import io.nacre.keystone.user.UserStore;
import io.nacre.keystone.version.VersionApi;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The identity service: its resources in the order of the API reference. */
public final class Keystone implements AutoCloseable {
    /** Where its tables are made. */
    public static final String MIGRATIONS = "db/keystone";

    private final KeystoneConfig config;
    private final Transactions transactions;
    private final Ids ids;
    private final InstantSource clock;

    private final ProjectStore projects = new ProjectStore();
    private final UserStore users = new UserStore();
    private final GroupStore groups = new GroupStore();
    private final RoleStore roles = new RoleStore();
    private final AssignmentStore grants = new AssignmentStore();
    private final RegionStore regions = new RegionStore();
    private final ServiceStore services = new ServiceStore();
    private final EndpointStore endpoints = new EndpointStore();
    private final PolicyDocumentStore documents = new PolicyDocumentStore();
    private final PolicyAssociationStore policyAssociations = new PolicyAssociationStore();
    private final RegisteredLimitStore registeredLimits = new RegisteredLimitStore();
    private final LimitStore limits = new LimitStore();
    private final ApplicationCredentialStore applicationCredentials = new ApplicationCredentialStore();
    private final TrustStore trusts;
    private final CredentialStore credentials;
    private final KeyRepository tokenKeys;
    private final KeyRepository receiptKeys;
    private final Passwords passwords;
    private final Revocations revocations;
    private final EffectiveRoles effective = new EffectiveRoles(grants, groups, projects, roles);
    private final ValidTokens tokens;
    private final Login login;
    private final List<Route> routes = new ArrayList<>();

    private final @Nullable Path policyFile;
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
     * @param cache for what a token stands for and how it is shown; not closed here
     * @param policyFile the operator's overrides; null for none
     */
    public Keystone(
            Transactions transactions,
            KeystoneConfig config,
            Cache cache,
            Ids ids,
            InstantSource clock,
            @Nullable Path policyFile) {
        this.config = config;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
        this.policyFile = policyFile;
        Path keys = config.keyRepository();
        tokenKeys = new KeyRepository(keys.resolve("fernet-keys"), config.maxActiveKeys(), ids.random(), clock);
        receiptKeys = new KeyRepository(keys.resolve("receipt-keys"), config.maxActiveKeys(), ids.random(), clock);
        KeyRepository credentialKeys = new KeyRepository(keys.resolve("credential-keys"), 3, ids.random(), clock);
        credentials = new CredentialStore(credentialKeys, ids.random(), clock);
        trusts = new TrustStore(clock);
        passwords = new Passwords(config.password(), ids.random(), clock);
        RevocationStore revoked = new RevocationStore();
        revocations = new Revocations(
                transactions,
                revoked,
                config.revocationPoll(),
                config.tokenLifetime().plus(config.allowExpiredWindow()),
                clock);
        Tokens sealed = new Tokens(tokenKeys, ids.random());
        Authorizations authorizations =
                new Authorizations(users, projects, effective, roles, trusts, applicationCredentials, revocations);
        tokens = new ValidTokens(
                transactions, sealed, authorizations, revocations, config.rememberedTokens(), cache, clock);
        Totp totp = new Totp(transactions, credentials, config.auth().includedPreviousWindows(), clock);
        Factors factors = new Factors(
                new Methods(transactions, users, projects, applicationCredentials, passwords, totp, tokens, clock),
                transactions,
                users,
                projects,
                new Receipts(receiptKeys, ids.random()),
                config.auth().receiptExpiration(),
                clock);
        login = new Login(
                transactions,
                new Login.Stores(users, projects, trusts, effective),
                factors,
                authorizations,
                revocations,
                sealed,
                config.tokenLifetime(),
                clock);
        addRoutes(new Region(cache, "keystone.rendered", clock));
    }

    private void addRoutes(Region rendered) {
        Removals removals = new Removals(
                new Removals.Stores(
                        projects, users, groups, roles, grants, credentials, trusts, applicationCredentials, limits),
                revocations);
        CatalogRemovals catalogRemovals =
                new CatalogRemovals(endpoints, services, regions, policyAssociations, registeredLimits, revocations);
        Catalog catalog = new Catalog(services, endpoints);
        ProjectTree tree =
                new ProjectTree(projects, effective, config.limitModel().deepest());
        ProjectApi projectApi = new ProjectApi(transactions, projects, tree, removals, ids);
        Delegation delegation = new Delegation(
                transactions, new Delegation.Stores(trusts, users, projects, roles), effective, ids, clock);

        routes.addAll(new VersionApi().routes());
        TokenView view = new TokenView(transactions, catalog, rendered);
        routes.addAll(
                new AuthApi(transactions, login, tokens, revocations, view, config.allowExpiredWindow()).routes());
        routes.addAll(new SignatureApi(
                        transactions, credentials, login, view, config.auth().authTtl(), clock)
                .routes());
        routes.addAll(new ScopeApi(transactions, effective, projects, users).routes());
        routes.addAll(new ApplicationCredentialApi(
                        transactions, applicationCredentials, roles, passwords, tokens, revocations, ids, clock)
                .routes());
        routes.addAll(new AccessRuleApi(transactions, applicationCredentials).routes());
        routes.addAll(new CredentialApi(transactions, credentials, tokens, ids).routes());
        routes.addAll(new Ec2CredentialApi(transactions, credentials, users, projects, tokens, ids).routes());
        routes.addAll(new DomainApi(transactions, projects, projectApi, removals, ids).routes());
        routes.addAll(new GroupApi(transactions, groups, projects, removals, ids).routes());
        routes.addAll(new MembershipApi(transactions, groups, users, revocations).routes());
        routes.addAll(new RevocationApi(transactions, new RevocationStore()).routes());
        routes.addAll(new TrustApi(transactions, trusts, roles, delegation, tokens, revocations).routes());
        routes.addAll(new PolicyDocumentApi(transactions, documents, policyAssociations, ids).routes());
        routes.addAll(new EndpointPolicyApi(transactions, policyAssociations, documents, endpoints, services, regions)
                .routes());
        routes.addAll(projectApi.routes());
        routes.addAll(new TagApi(transactions, projects).routes());
        routes.addAll(new RegionApi(transactions, regions, endpoints, catalogRemovals, ids).routes());
        routes.addAll(new RoleApi(transactions, roles, projects, revocations, removals, ids).routes());
        routes.addAll(new ImpliedRoleApi(transactions, roles, revocations).routes());
        routes.addAll(
                new GrantApi(transactions, grants, roles, users, groups, projects, revocations, removals).routes());
        routes.addAll(new SystemGrantApi(transactions, grants, roles, users, groups, revocations).routes());
        routes.addAll(new AssignmentApi(transactions, grants, groups, projects, roles, users).routes());
        routes.addAll(new ServiceApi(transactions, services, catalogRemovals, revocations, ids).routes());
        routes.addAll(new EndpointApi(transactions, endpoints, services, regions, revocations, catalogRemovals, ids)
                .routes());
        Existence existence = new Existence(services, regions, projects);
        routes.addAll(new RegisteredLimitApi(transactions, registeredLimits, limits, existence, ids).routes());
        routes.addAll(
                new LimitApi(transactions, registeredLimits, limits, projects, existence, config.limitModel(), ids)
                        .routes());
        routes.addAll(new UserApi(transactions, users, projects, passwords, removals, ids, clock).routes());
        routes.addAll(new PasswordApi(transactions, users, passwords, removals).routes());
    }

    /**
     * Makes what is missing of what a cloud needs before anybody can log in; to be called at every start.
     *
     * @param adminPassword of the user admin, when there is none yet
     * @param servicePassword of Nacre's own service user, when there is none yet
     * @param site this controller, and where its settings say that the services are
     */
    public void bootstrap(String adminPassword, String servicePassword, Site site) {
        site.catalog().stream()
                .filter(entry -> entry.type().equals("identity"))
                .findFirst()
                .ifPresent(entry -> url = entry.url());
        new Bootstrap(
                        transactions,
                        new Bootstrap.Stores(
                                projects, users, roles, grants, regions, services, endpoints, new AnnouncedStore()),
                        passwords,
                        revocations,
                        ids,
                        clock)
                .run(adminPassword, servicePassword, site);
    }

    public Service service() {
        List<PolicyRule> rules = new ArrayList<>(KeystonePolicy.ALIASES);
        routes.stream().map(Route::policy).filter(Objects::nonNull).distinct().forEach(rules::add);
        rules.addAll(RoleApi.MORE_RULES);
        rules.addAll(AssignmentApi.MORE_RULES);
        rules.addAll(TrustApi.MORE_RULES);
        Policy policy = new Policy(
                rules,
                policyFile,
                new Policy.Options(true, "You are not authorized to perform the requested action: RULE."),
                clock);
        return new Service("keystone", List.copyOf(routes), policy, new KeystoneErrors(() -> url), null, null);
    }

    public Identity peer() {
        return new KeystonePeer(
                tokens, new ServiceTokens(transactions, users, projects, login, tokens, clock), projects);
    }

    /** Makes the staged key seal new tokens; those that are out stay good for as many rotations as there are keys. */
    public void rotateKeys() {
        tokenKeys.rotate();
        receiptKeys.rotate();
    }

    @Override
    public void close() {
        passwords.close();
    }
}
