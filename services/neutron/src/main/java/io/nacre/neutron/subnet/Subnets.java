package io.nacre.neutron.subnet;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.address.Ipam;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Making, changing and removing subnets. */
public final class Subnets {
    /** Who cares when a network's subnets change. Told in the transaction of the change. */
    public interface Listener {
        void created(Tx tx, Subnet subnet);

        void changed(Tx tx, Subnet before, Subnet subnet);

        /** Faults with CONFLICT when somebody still has an address of it. */
        void deleting(Tx tx, Subnet subnet);

        void deleted(Tx tx, Subnet subnet);
    }

    /** Where blocks come from when a subnet does not name its own. */
    @FunctionalInterface
    public interface BlockSource {
        Block allocate(Tx tx, Caller caller, Wanted wanted);
    }

    /**
     * @param poolId null for the default pool of the version
     * @param cidr null for any block
     * @param prefix null for the pool's usual one
     */
    public record Wanted(
            int version,
            @Nullable String poolId,
            @Nullable Cidr cidr,
            @Nullable Integer prefix) {}

    public record Block(String poolId, Cidr cidr) {}

    private final NetworkStore networks;
    private final SubnetStore subnets;
    private final ProjectQuotas quotas;
    private final BlockSource blocks;
    private final InstantSource clock;
    private final List<Listener> listeners = new ArrayList<>();

    public Subnets(
            NetworkStore networks, SubnetStore subnets, ProjectQuotas quotas, BlockSource blocks, InstantSource clock) {
        this.networks = networks;
        this.subnets = subnets;
        this.quotas = quotas;
        this.blocks = blocks;
        this.clock = clock;
    }

    public void tell(Listener listener) {
        listeners.add(listener);
    }

    Network network(Tx tx, String id) {
        return networks.require(tx, id);
    }

    Subnet create(Tx tx, Caller caller, String id, Input input) {
        Network network = networks.require(tx, input.text("network_id"));
        String project = input.text("project_id");
        quotas.take(tx, project, "subnet");
        Block block = block(tx, caller, input);
        Cidr cidr = block.cidr();
        String gateway = gateway(cidr, input);
        Subnet subnet = new Subnet(
                Standard.fresh(id, project, input.text("description", ""), clock.instant()),
                network.id(),
                network.projectId(),
                network.isSharedWith(null),
                input.text("name"),
                cidr,
                gateway,
                input.bool("enable_dhcp", true),
                input.has("allocation_pools") ? pools(input.objects("allocation_pools")) : defaultPools(cidr, gateway),
                input.texts("dns_nameservers", List.of()),
                routes(input.objects("host_routes")),
                input.textOrNull("ipv6_ra_mode"),
                input.textOrNull("ipv6_address_mode"),
                block.poolId().isEmpty() ? null : block.poolId(),
                input.texts("service_types", List.of()),
                input.bool("dns_publish_fixed_ip", false));
        SubnetCheck.all(subnet);
        requireNoOverlap(tx, subnet);
        subnets.insert(tx, subnet);
        listeners.forEach(listener -> listener.created(tx, subnet));
        return subnet;
    }

    private Block block(Tx tx, Caller caller, Input input) {
        int version = input.integer("ip_version", 4);
        String text = input.textOrNull("cidr");
        Cidr cidr = text == null ? null : Cidr.of(text);
        if (cidr != null && cidr.version() != version) {
            throw NeutronFault.invalidInput("cidr '" + text + "' does not match the ip_version '" + version + "'");
        }
        String pool = input.textOrNull("subnetpool_id");
        if (pool != null && input.bool("use_default_subnetpool", false)) {
            throw NeutronFault.badRequest("subnetpool_id and use_default_subnetpool cannot both be specified");
        }
        if (pool != null || input.bool("use_default_subnetpool", false)) {
            if (cidr != null && input.has("prefixlen")) {
                throw NeutronFault.badRequest("cidr and prefixlen must not be supplied together");
            }
            return blocks.allocate(tx, caller, new Wanted(version, pool, cidr, input.integer("prefixlen")));
        }
        if (cidr == null) {
            throw NeutronFault.badRequest("a subnetpool must be specified in the absence of a cidr");
        }
        if (input.has("prefixlen")) {
            throw NeutronFault.badRequest("cidr and prefixlen must not be supplied together");
        }
        return new Block("", cidr);
    }

    private static @Nullable String gateway(Cidr cidr, Input input) {
        if (input.has("gateway_ip")) {
            return input.textOrNull("gateway_ip");
        }
        return cidr.bits() == cidr.prefix() ? null : cidr.at(1);
    }

    private static List<Subnet.Pool> defaultPools(Cidr cidr, @Nullable String gateway) {
        return Ipam.defaultPools(cidr, Optional.ofNullable(gateway)).stream()
                .map(Subnet.Pool::of)
                .toList();
    }

    private static List<Subnet.Pool> pools(List<Map<String, Object>> objects) {
        return objects.stream()
                .map(pool -> new Subnet.Pool(Objects.toString(pool.get("start")), Objects.toString(pool.get("end"))))
                .toList();
    }

    private static List<Subnet.Route> routes(List<Map<String, Object>> objects) {
        return objects.stream()
                .map(route -> new Subnet.Route(
                        Objects.toString(route.get("destination")), Objects.toString(route.get("nexthop"))))
                .toList();
    }

    private void requireNoOverlap(Tx tx, Subnet subnet) {
        for (Subnet other : subnets.of(tx, subnet.networkId())) {
            if (other.cidr().overlaps(subnet.cidr())) {
                throw NeutronFault.invalidInput("Requested subnet with cidr: " + subnet.cidr() + " for network: "
                        + subnet.networkId() + " overlaps with another subnet");
            }
        }
    }

    Subnet update(Tx tx, Subnet present, Input input) {
        Standard standard = present.standard()
                .changed(input.text("description", present.standard().description()), clock.instant());
        Subnet changed = new Subnet(
                standard,
                present.networkId(),
                present.networkProject(),
                present.networkShared(),
                input.text("name", present.name()),
                present.cidr(),
                input.textOrNull("gateway_ip", present.gateway()),
                input.bool("enable_dhcp", present.dhcp()),
                input.has("allocation_pools") ? pools(input.objects("allocation_pools")) : present.pools(),
                input.texts("dns_nameservers", present.dnsServers()),
                input.has("host_routes") ? routes(input.objects("host_routes")) : present.routes(),
                present.raMode(),
                present.addressMode(),
                present.poolId(),
                input.texts("service_types", present.serviceTypes()),
                input.bool("dns_publish_fixed_ip", present.dnsPublish()));
        SubnetCheck.all(changed);
        subnets.update(tx, changed);
        listeners.forEach(listener -> listener.changed(tx, present, changed));
        return changed;
    }

    public void delete(Tx tx, Subnet subnet) {
        listeners.forEach(listener -> listener.deleting(tx, subnet));
        subnets.delete(tx, subnet);
        quotas.give(tx, subnet.projectId(), "subnet");
        listeners.forEach(listener -> listener.deleted(tx, subnet));
    }
}
