package io.nacre.neutron.subnet;

import io.nacre.base.Tx;
import io.nacre.database.Sql;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import tools.jackson.core.type.TypeReference;

/** The subnets. */
public final class SubnetStore extends ResourceStore<Subnet> {
    final Field<String> network = bind(columns().text("network_id"), Subnet::networkId);
    final Field<String> name = bind(columns().text("name"), Subnet::name);
    final Field<Integer> version = bind(columns().integer("ip_version"), Subnet::version);
    final Field<String> cidr = bind(columns().text("cidr"), s -> s.cidr().toString());
    final Field<String> gateway = bind(columns().text("gateway_ip"), Subnet::gateway);
    final Field<Boolean> dhcp = bind(columns().bool("enable_dhcp"), Subnet::dhcp);
    final Field<List<Subnet.Pool>> pools =
            bind(columns().json("pools", new TypeReference<List<Subnet.Pool>>() {}), Subnet::pools);
    final Field<List<String>> dns = bind(columns().strings("dns_nameservers"), Subnet::dnsServers);
    final Field<List<Subnet.Route>> routes =
            bind(columns().json("host_routes", new TypeReference<List<Subnet.Route>>() {}), Subnet::routes);
    final Field<String> raMode = bind(columns().text("ipv6_ra_mode"), Subnet::raMode);
    final Field<String> addressMode = bind(columns().text("ipv6_address_mode"), Subnet::addressMode);
    final Field<String> pool = bind(columns().text("subnetpool_id"), Subnet::poolId);
    final Field<List<String>> serviceTypes = bind(columns().strings("service_types"), Subnet::serviceTypes);
    final Field<Boolean> dnsPublish = bind(columns().bool("dns_publish_fixed_ip"), Subnet::dnsPublish);

    private final NetworkStore networks;

    public SubnetStore(NetworkStore networks) {
        super("Subnet", "neutron_subnet");
        this.networks = networks;
    }

    /** The network's subnets, in the order in which they were made. */
    public List<Subnet> of(Tx tx, String networkId) {
        return where(tx, network.eq(networkId));
    }

    /** Networks with at least one DHCP subnet. */
    public List<String> servedNetworks(Tx tx) {
        return Sql.in(tx)
                .selectDistinct(network)
                .from(table())
                .where(dhcp.isTrue())
                .fetch(network);
    }

    public List<Subnet> fromPool(Tx tx, String poolId) {
        return where(tx, pool.eq(poolId));
    }

    Condition visibleTo(String project) {
        return project()
                .eq(project)
                .or(network.in(DSL.select(networks.id()).from(networks.table()).where(networks.usableBy(project))));
    }

    Condition shared(boolean wanted) {
        Condition shared = network.in(networks.shares().sharedWith("*"));
        return wanted ? shared : DSL.not(shared);
    }

    @Override
    protected Subnet of(Record row, Standard standard) {
        return new Subnet(
                standard,
                row.get(network),
                "",
                false,
                row.get(name),
                Cidr.of(row.get(cidr)),
                row.get(gateway),
                row.get(dhcp),
                row.get(pools),
                row.get(dns),
                row.get(routes),
                row.get(raMode),
                row.get(addressMode),
                row.get(pool),
                row.get(serviceTypes),
                row.get(dnsPublish));
    }

    @Override
    protected List<Subnet> complete(Tx tx, List<Subnet> plain) {
        Map<String, Network> byId = new HashMap<>();
        networks.findAll(tx, plain.stream().map(Subnet::networkId).distinct().toList())
                .forEach(n -> byId.put(n.id(), n));
        return plain.stream()
                .map(s -> {
                    Network on = byId.get(s.networkId());
                    return on == null ? s : s.on(on.projectId(), on.isSharedWith(null));
                })
                .toList();
    }
}
