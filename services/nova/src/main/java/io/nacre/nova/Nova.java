package io.nacre.nova;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.nova.aggregate.AggregateApi;
import io.nacre.nova.aggregate.AggregateStore;
import io.nacre.nova.availabilityzone.ZoneApi;
import io.nacre.nova.console.ConsoleApi;
import io.nacre.nova.flavor.ExtraSpecApi;
import io.nacre.nova.flavor.FlavorApi;
import io.nacre.nova.flavor.FlavorStore;
import io.nacre.nova.host.HostReports;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.hypervisor.HypervisorApi;
import io.nacre.nova.instanceaction.InstanceActionApi;
import io.nacre.nova.keypair.KeypairApi;
import io.nacre.nova.keypair.KeypairStore;
import io.nacre.nova.metadata.GuestDocuments;
import io.nacre.nova.metadata.MetadataService;
import io.nacre.nova.quotaset.LimitApi;
import io.nacre.nova.quotaset.QuotaApi;
import io.nacre.nova.scheduler.Scheduler;
import io.nacre.nova.securitygroup.SecurityGroupApi;
import io.nacre.nova.securitygroup.SecurityGroupRuleApi;
import io.nacre.nova.securitygroup.ServerGroupsApi;
import io.nacre.nova.server.Groups;
import io.nacre.nova.server.PowerSync;
import io.nacre.nova.server.ServerLaunch;
import io.nacre.nova.server.ServerStore;
import io.nacre.nova.server.Servers;
import io.nacre.nova.server.StuckServers;
import io.nacre.nova.server.action.HostChoice;
import io.nacre.nova.server.action.ServerCreate;
import io.nacre.nova.server.action.ServerDelete;
import io.nacre.nova.server.action.ServerPower;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.nova.serverpassword.PasswordApi;
import io.nacre.nova.serverpassword.PasswordStore;
import io.nacre.nova.service.ControllerHeartbeat;
import io.nacre.nova.service.InternalServiceStore;
import io.nacre.nova.service.ServiceApi;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import io.nacre.tasks.Reconciler;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The service: what it is made of, and the ordered list of its resources. */
public final class Nova {
    /** Where the tables come from, for {@code Database.open}. */
    public static final String MIGRATIONS = "db/nova";

    private final Service service;
    private final List<Saga<?>> sagas = new ArrayList<>();
    private final List<Reconciler> reconcilers = new ArrayList<>();
    private final HostReports hostReports;
    private final PowerSync powerSync;
    private final MetadataService metadata;
    private final ControllerHeartbeat heartbeat;

    /**
     * Where this controller stands.
     *
     * @param identityUrl where a client without a token is sent
     * @param controller name of this controller's host
     */
    public record Site(String identityUrl, String controller, Overrides policyOverrides) {}

    public Nova(
            Transactions transactions,
            Tasks tasks,
            Peers peers,
            NovaConfig config,
            Ids ids,
            InstantSource clock,
            Site site) {
        HostStore hosts = new HostStore();
        ServerStore servers = new ServerStore();
        FlavorStore flavors = new FlavorStore();
        KeypairStore keypairs = new KeypairStore();
        NovaQuotas quotas = new NovaQuotas(config.quotas());
        AggregateStore zones = new AggregateStore();
        Groups groups = Groups.NONE;
        ServerSagas base = new ServerSagas(transactions, servers, hosts, quotas, peers, clock, config);
        HostChoice choice = new HostChoice(base, Scheduler.standard(), zones, groups);
        PasswordStore passwords = new PasswordStore();
        GuestDocuments documents = new GuestDocuments(ids.random(), config.dhcpDomain());
        Servers.Deeds deeds = new Servers.Deeds(
                new ServerCreate(base, choice, documents, tasks),
                new ServerDelete(base, tasks),
                new ServerPower(base, tasks));
        sagas.add(deeds.create().saga());
        sagas.add(deeds.delete().saga());
        sagas.addAll(deeds.power().sagas());
        metadata = new MetadataService(transactions, servers, peers.networks(), documents, passwords);
        powerSync = new PowerSync(base, config.strayAfter());
        reconcilers.add(powerSync);
        reconcilers.add(new StuckServers(base, deeds.delete(), tasks));
        hostReports = new HostReports(transactions, hosts, peers.placement(), ids, clock, config);

        List<Route> routes = new ArrayList<>();
        Servers api = new Servers(
                base,
                deeds,
                flavors,
                keypairs,
                new ServerLaunch.Rules(zones, groups),
                ids,
                new ConsoleApi(base).actions());
        routes.addAll(api.routes());
        routes.addAll(new InstanceActionApi(transactions, servers, tasks).routes());
        routes.addAll(new FlavorApi(transactions, flavors, ids, clock).routes());
        routes.addAll(new AggregateApi(transactions, zones, hosts, ids, clock).routes());
        routes.addAll(new ExtraSpecApi(transactions, flavors, clock).routes());
        routes.addAll(new KeypairApi(transactions, keypairs, quotas, clock).routes());
        routes.addAll(new QuotaApi(transactions, quotas).routes());
        routes.addAll(new LimitApi(transactions, quotas).routes());
        routes.addAll(new PasswordApi(transactions, servers, passwords).routes());
        routes.addAll(new SecurityGroupApi(transactions, peers.securityGroups()).routes());
        routes.addAll(new SecurityGroupRuleApi(transactions, peers.securityGroups()).routes());
        routes.addAll(new ServerGroupsApi(transactions, servers, peers.networks(), peers.securityGroups()).routes());
        InternalServiceStore internal = new InternalServiceStore();
        heartbeat =
                new ControllerHeartbeat(transactions, internal, site.controller(), config.reportInterval(), ids, clock);
        reconcilers.add(heartbeat);
        routes.addAll(new HypervisorApi(transactions, hosts, servers, base.liveness()).routes());
        routes.addAll(new ServiceApi(transactions, hosts, servers, peers.placement(), zones, internal, base.liveness())
                .routes());
        routes.addAll(new ZoneApi(transactions, hosts, zones, internal, base.liveness()).routes());

        service = service(routes, api.rules(), site);
    }

    private static Service service(List<Route> routes, List<PolicyRule> ofServers, Site site) {
        List<PolicyRule> rules = new ArrayList<>(ofServers);
        routes.stream().map(Route::rules).forEach(rules::addAll);
        rules.addAll(InstanceActionApi.rules());
        rules.addAll(FlavorApi.rules());
        rules.addAll(AggregateApi.rules());
        rules.addAll(LimitApi.rules());
        List<Route> all = new ArrayList<>(NovaVersions.routes());
        routes.forEach(route -> all.add(route.under(NovaVersions.PREFIX)));
        return new Service(
                "nova",
                all,
                new Policy(rules, site.policyOverrides()),
                new NovaErrors(site.identityUrl()),
                NovaVersions.microversions(),
                "X-Compute-Request-Id");
    }

    public Service service() {
        return service;
    }

    /** For the task engine to register. */
    public List<Saga<?>> sagas() {
        return List.copyOf(sagas);
    }

    /** For the task engine to run. */
    public List<Reconciler> reconcilers() {
        return List.copyOf(reconcilers);
    }

    /** Who listens to the agents' heartbeats. */
    public HostReports hostReports() {
        return hostReports;
    }

    /** Who listens to guests that change on their own. */
    public PowerSync powerSync() {
        return powerSync;
    }

    /** Whether this controller is there, for the list of services. */
    public ControllerHeartbeat heartbeat() {
        return heartbeat;
    }

    /** What guests are told of themselves; to be served to the agents at {@code metadata}. */
    public MetadataSource metadata() {
        return metadata;
    }
}
