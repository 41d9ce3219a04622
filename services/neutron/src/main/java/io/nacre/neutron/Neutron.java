package io.nacre.neutron;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.peer.Networks;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.neutron.agent.AgentApi;
import io.nacre.neutron.agent.AgentStore;
import io.nacre.neutron.agent.Agents;
import io.nacre.neutron.agent.ZoneApi;
import io.nacre.neutron.dataplane.Carriage;
import io.nacre.neutron.dataplane.DataPlane;
import io.nacre.neutron.dataplane.Dhcp;
import io.nacre.neutron.dataplane.DhcpStore;
import io.nacre.neutron.dataplane.Specs;
import io.nacre.neutron.deployment.DeploymentStore;
import io.nacre.neutron.deployment.Deployments;
import io.nacre.neutron.extension.ExtensionApi;
import io.nacre.neutron.floatingip.FloatingIpApi;
import io.nacre.neutron.floatingip.FloatingIpStore;
import io.nacre.neutron.floatingip.FloatingIps;
import io.nacre.neutron.network.NetworkApi;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.network.SegmentStore;
import io.nacre.neutron.network.ShareStore;
import io.nacre.neutron.port.PortAddresses;
import io.nacre.neutron.port.PortApi;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.quota.QuotaApi;
import io.nacre.neutron.rbac.RbacApi;
import io.nacre.neutron.rbac.RbacStore;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.ResourceApi.Wiring;
import io.nacre.neutron.router.RouterApi;
import io.nacre.neutron.router.RouterHosts;
import io.nacre.neutron.router.RouterStore;
import io.nacre.neutron.router.Routers;
import io.nacre.neutron.securitygroup.SecurityGroupApi;
import io.nacre.neutron.securitygroup.SecurityGroupPeer;
import io.nacre.neutron.securitygroup.SecurityGroupStore;
import io.nacre.neutron.securitygroup.SecurityGroups;
import io.nacre.neutron.securitygroup.SecurityRuleApi;
import io.nacre.neutron.securitygroup.SecurityRuleStore;
import io.nacre.neutron.subnet.AvailabilityApi;
import io.nacre.neutron.subnet.SubnetApi;
import io.nacre.neutron.subnet.SubnetStore;
import io.nacre.neutron.subnet.Subnets;
import io.nacre.neutron.subnetpool.SubnetPoolApi;
import io.nacre.neutron.subnetpool.SubnetPoolStore;
import io.nacre.neutron.subnetpool.SubnetPools;
import io.nacre.policy.Overrides;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import io.nacre.tasks.Reconciler;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The Networking service: its resources in the order of the API reference. */
public final class Neutron {
    /** Where its tables are made; those of kit/quota are needed too. */
    public static final String MIGRATIONS = "db/neutron";

    private final Transactions transactions;
    private final Ids ids;
    private final InstantSource clock;
    private final NeutronConfig config;

    private final ShareStore shareStore = new ShareStore();
    private final NetworkStore networkStore = new NetworkStore(shareStore);
    private final SubnetStore subnetStore = new SubnetStore(networkStore);
    private final PortStore portStore = new PortStore(networkStore);
    private final SecurityRuleStore ruleStore = new SecurityRuleStore();
    private final SecurityGroupStore groupStore = new SecurityGroupStore(ruleStore, shareStore);
    private final RouterStore routerStore = new RouterStore(portStore);
    private final FloatingIpStore floatingStore = new FloatingIpStore(portStore);

    private final ProjectQuotas quotas;
    private final Deployments deployments;
    private final Agents agents;
    private final io.nacre.neutron.network.Networks networks;
    private final SubnetPools pools;
    private final Subnets subnets;
    private final SecurityGroups groups;
    private final Ports ports;
    private final Routers routers;
    private final FloatingIps floatingIps;
    private final DataPlane plane;
    private final Reconciler failover;
    private final NeutronPeer peer;

    private final List<String> collections = new ArrayList<>();
    private final List<Route> routes = new ArrayList<>();
    private final List<PolicyRule> rules = new ArrayList<>(NeutronPolicy.ALIASES);
    private final Policy policy;

    /**
     * @param policyOverrides the operator's policy file; null for none
     * @param reach the hosts that move packets
     */
    public Neutron(
            Transactions transactions,
            Ids ids,
            InstantSource clock,
            NeutronConfig config,
            Overrides policyOverrides,
            DataPlane.Reach reach) {
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
        this.config = config;
        quotas = new ProjectQuotas(config.quotas());
        deployments = new Deployments(new DeploymentStore(), clock);
        agents = new Agents(new AgentStore(), config.agentDownTime(), ids, clock);
        networks = new io.nacre.neutron.network.Networks(networkStore, new SegmentStore(), quotas, config, ids, clock);
        pools = new SubnetPools(new SubnetPoolStore(), subnetStore, quotas, clock);
        subnets = new Subnets(networkStore, subnetStore, quotas, pools, clock);
        groups = new SecurityGroups(groupStore, quotas, ids, clock);
        PortAddresses addresses = new PortAddresses(portStore, subnetStore, ids.random());
        ports = new Ports(portStore, networkStore, groups, addresses, quotas, clock);
        RouterHosts routerHosts = new RouterHosts(routerStore, ports, agents, deployments);
        routers = new Routers(routerStore, networkStore, subnetStore, ports, routerHosts, quotas, ids);
        floatingIps = new FloatingIps(
                new FloatingIps.Stores(floatingStore, networkStore, subnetStore, routerStore),
                ports,
                routerHosts,
                quotas,
                ids);
        routers.ask(floatingIps);
        DhcpStore dhcpStore = new DhcpStore();
        Dhcp dhcp = new Dhcp(dhcpStore, networkStore, subnetStore, subnets, ports, agents, ids);
        listen(dhcp, routerHosts);
        plane = new DataPlane(
                transactions,
                deployments,
                ports,
                agents,
                new DataPlane.Tenants(dhcp, routerHosts, floatingIps),
                specs(dhcpStore),
                reach,
                clock);
        failover = plane.failover(config.agentDownTime());
        peer = new NeutronPeer(networkStore, ports, groups, plane, ids);
        serveAll(new Wiring(transactions, this::policy));
        policy = policy(policyOverrides);
    }

    /** Who hears of whose changes, in the transaction of the change. */
    private void listen(Dhcp dhcp, RouterHosts routerHosts) {
        Carriage carriage = new Carriage(deployments, portStore, ruleStore);
        networks.tell(floatingIps);
        networks.tell(dhcp);
        networks.tell(carriage);
        subnets.tell(dhcp);
        subnets.tell(carriage);
        subnets.tell(routerHosts);
        ports.tell(carriage);
        ports.tell(floatingIps);
        groups.tell(carriage);
    }

    private Specs specs(DhcpStore dhcpStore) {
        Specs.Stores stores = new Specs.Stores(
                networkStore,
                subnetStore,
                portStore,
                ruleStore,
                agents.store(),
                deployments.store(),
                dhcpStore,
                routerStore,
                floatingStore);
        return new Specs(stores, config.dnsDomain());
    }

    private void serveAll(Wiring wiring) {
        String zone = config.availabilityZone();
        serve(new NetworkApi(wiring, networkStore, networks, ids));
        serve(new SubnetApi(wiring, subnetStore, subnets, ids));
        serve(new SubnetPoolApi(wiring, pools, ids, clock));
        serve(new PortApi(wiring, ports, ids, config.dnsDomain()));
        SecurityRuleApi ruleApi = new SecurityRuleApi(wiring, groups, ids, clock);
        serve(new SecurityGroupApi(wiring, groups, ruleApi, ids, clock));
        serve(ruleApi);
        serve(new RouterApi(wiring, routers, networkStore, subnetStore, ports, ids));
        serve(new FloatingIpApi(wiring, floatingIps, networkStore, ports, ids));
        serve(new RbacApi(wiring, new RbacStore(), shareable(), quotas, ids, clock));
        serve(new AgentApi(wiring, agents, zone, clock));
        routes.addAll(new ZoneApi(transactions, agents, zone).routes());
        QuotaApi quotaApi = new QuotaApi(transactions, quotas);
        rules.addAll(quotaApi.rules());
        routes.addAll(quotaApi.routes());
        routes.addAll(new AvailabilityApi(transactions, networkStore, subnetStore, portStore::countOfSubnet).routes());
        routes.addAll(new ExtensionApi(List.copyOf(collections)).routes());
    }

    private Map<String, RbacApi.Kind> shareable() {
        return Map.of(
                "network", new RbacApi.Kind(networkStore, networks::requireWithdrawable),
                "security_group", new RbacApi.Kind(groupStore, ports::requireGroupWithdrawable));
    }

    private void serve(ResourceApi<?> api) {
        collections.add(api.path());
        routes.addAll(api.routes());
        rules.addAll(api.rules());
    }

    private Policy policy() {
        return Objects.requireNonNull(policy);
    }

    private Policy policy(Overrides overrides) {
        Map<String, PolicyRule> all = new LinkedHashMap<>();
        rules.forEach(rule -> all.put(rule.name(), rule));
        routes.stream().flatMap(route -> route.rules().stream()).forEach(rule -> all.put(rule.name(), rule));
        return new Policy(List.copyOf(all.values()), overrides);
    }

    public Service service() {
        return new Service("neutron", List.copyOf(routes), policy, new NeutronErrors(), null, null);
    }

    public Networks peer() {
        return peer;
    }

    public SecurityGroupPeer groupPeer() {
        return new SecurityGroupPeer(groups, ids, clock);
    }

    /** An agent's heartbeat, for the bus's subscription to {@link AgentReported#TOPIC}. */
    public void reported(AgentReported report) {
        plane.reported(report);
    }

    /** What must run all the time. */
    public List<Reconciler> reconcilers() {
        return List.of(plane.pusher(), failover);
    }

    /** @param wake wakes the reconciler of this name; called after commits */
    public void onChange(java.util.function.Consumer<String> wake) {
        deployments.onChange(() -> wake.accept(plane.pusher().name()));
    }
}
