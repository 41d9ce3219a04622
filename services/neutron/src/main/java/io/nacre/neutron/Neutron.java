package io.nacre.neutron;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.peer.Networks;
import io.nacre.http.Route;
import io.nacre.http.Service;
import io.nacre.neutron.agent.AgentStore;
import io.nacre.neutron.agent.Agents;
import io.nacre.neutron.dataplane.Carriage;
import io.nacre.neutron.dataplane.DataPlane;
import io.nacre.neutron.dataplane.Dhcp;
import io.nacre.neutron.dataplane.DhcpStore;
import io.nacre.neutron.dataplane.Specs;
import io.nacre.neutron.deployment.DeploymentStore;
import io.nacre.neutron.deployment.Deployments;
import io.nacre.neutron.network.NetworkApi;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.network.SegmentStore;
import io.nacre.neutron.network.ShareStore;
import io.nacre.neutron.port.PortAddresses;
import io.nacre.neutron.port.PortApi;
import io.nacre.neutron.port.PortStore;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.ResourceApi.Wiring;
import io.nacre.neutron.securitygroup.SecurityGroupApi;
import io.nacre.neutron.securitygroup.SecurityGroupStore;
import io.nacre.neutron.securitygroup.SecurityGroups;
import io.nacre.neutron.securitygroup.SecurityRuleApi;
import io.nacre.neutron.securitygroup.SecurityRuleStore;
import io.nacre.neutron.subnet.SubnetApi;
import io.nacre.neutron.subnet.SubnetStore;
import io.nacre.neutron.subnet.Subnets;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import io.nacre.tasks.Reconciler;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The Networking service: its resources in the order of the API reference. */
public final class Neutron {
    /** Where its tables are made; those of kit/quota are needed too. */
    public static final String MIGRATIONS = "db/neutron";

    private final List<Route> routes = new ArrayList<>();
    private final List<PolicyRule> rules = new ArrayList<>(NeutronPolicy.ALIASES);
    private final Policy policy;
    private final Deployments deployments;
    private final DataPlane plane;
    private final NeutronPeer peer;

    /**
     * @param policyOverrides the operator's policy file; null for none
     * @param reach the hosts that move packets
     */
    public Neutron(
            Transactions transactions,
            Ids ids,
            InstantSource clock,
            NeutronConfig config,
            @Nullable Path policyOverrides,
            DataPlane.Reach reach) {
        ProjectQuotas quotas = new ProjectQuotas(config.quotas());
        ShareStore shares = new ShareStore();
        NetworkStore networkStore = new NetworkStore(shares);
        SubnetStore subnetStore = new SubnetStore(networkStore);
        PortStore portStore = new PortStore(networkStore);
        SecurityRuleStore ruleStore = new SecurityRuleStore();
        SecurityGroupStore groupStore = new SecurityGroupStore(ruleStore, shares);
        AgentStore agentStore = new AgentStore();
        DhcpStore dhcpStore = new DhcpStore();
        DeploymentStore deploymentStore = new DeploymentStore();

        deployments = new Deployments(deploymentStore, clock);
        Agents agents = new Agents(agentStore, config.agentDownTime(), ids, clock);
        io.nacre.neutron.network.Networks networks =
                new io.nacre.neutron.network.Networks(networkStore, new SegmentStore(), quotas, config, ids, clock);
        Subnets subnets = new Subnets(networkStore, subnetStore, quotas, Neutron::noPool, clock);
        SecurityGroups groups = new SecurityGroups(groupStore, quotas, ids, clock);
        PortAddresses addresses = new PortAddresses(portStore, subnetStore, ids.random());
        Ports ports = new Ports(portStore, networkStore, groups, addresses, quotas, clock);
        Dhcp dhcp = new Dhcp(dhcpStore, networkStore, subnetStore, subnets, ports, agents, ids);
        Carriage carriage = new Carriage(deployments, portStore, ruleStore);
        networks.tell(dhcp);
        networks.tell(carriage);
        subnets.tell(dhcp);
        subnets.tell(carriage);
        ports.tell(carriage);
        groups.tell(carriage);
        Specs specs = new Specs(
                new Specs.Stores(
                        networkStore, subnetStore, portStore, ruleStore, agentStore, deploymentStore, dhcpStore),
                config.dnsDomain());
        plane = new DataPlane(transactions, deployments, ports, agents, dhcp, specs, reach, clock);
        peer = new NeutronPeer(
                networkStore, ports, groups, plane, new ServerPorts(networkStore, subnetStore, portStore), ids);

        Wiring wiring = new Wiring(transactions, this::policy);
        serve(new NetworkApi(wiring, networkStore, networks, ids));
        serve(new SubnetApi(wiring, subnetStore, subnets, ids));
        serve(new PortApi(wiring, ports, ids, config.dnsDomain()));
        SecurityRuleApi ruleApi = new SecurityRuleApi(wiring, groups, ids, clock);
        serve(new SecurityGroupApi(wiring, groups, ruleApi, ids, clock));
        serve(ruleApi);
        policy = policy(policyOverrides);
    }

    private static Subnets.Block noPool(io.nacre.base.Tx tx, io.nacre.base.Caller caller, Subnets.Wanted wanted) {
        throw NeutronFault.missing("Subnet pool", Objects.toString(wanted.poolId()));
    }

    private void serve(ResourceApi<?> api) {
        routes.addAll(api.routes());
        rules.addAll(api.rules());
    }

    private Policy policy() {
        return Objects.requireNonNull(policy);
    }

    private Policy policy(@Nullable Path overrides) {
        Map<String, PolicyRule> all = new LinkedHashMap<>();
        rules.forEach(rule -> all.put(rule.name(), rule));
        routes.stream().map(Route::policy).filter(Objects::nonNull).forEach(rule -> all.put(rule.name(), rule));
        return new Policy(List.copyOf(all.values()), overrides);
    }

    public Service service() {
        return new Service("neutron", List.copyOf(routes), policy, new NeutronErrors(), null, null);
    }

    public Networks peer() {
        return peer;
    }

    /** An agent's heartbeat, for the bus's subscription to {@link AgentReported#TOPIC}. */
    public void reported(AgentReported report) {
        plane.reported(report);
    }

    /** What must run all the time. */
    public List<Reconciler> reconcilers() {
        return List.of(plane.pusher());
    }

    /** @param wake wakes the reconciler of this name; called after commits */
    public void onChange(java.util.function.Consumer<String> wake) {
        deployments.onChange(() -> wake.accept(plane.pusher().name()));
    }
}
