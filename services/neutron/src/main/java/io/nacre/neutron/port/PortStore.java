package io.nacre.neutron.port;

import io.nacre.base.Caller;
import io.nacre.base.LostRace;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.Port.AddressPair;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Device;
import io.nacre.neutron.port.Port.DhcpOption;
import io.nacre.neutron.port.Port.Dns;
import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.resource.ResourceStore;
import io.nacre.neutron.resource.Standard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;
import tools.jackson.core.type.TypeReference;

/** The ports, with their addresses and groups. */
public final class PortStore extends ResourceStore<Port> {
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private static final Columns IP = Columns.of("neutron_fixed_ip");
    private static final Field<String> IP_NETWORK = IP.text("network_id");
    private static final Field<String> IP_ADDRESS = IP.text("address");
    private static final Field<String> IP_SUBNET = IP.text("subnet_id");
    private static final Field<String> IP_PORT = IP.text("port_id");
    private static final Field<Integer> IP_ORDINAL = IP.integer("ordinal");

    private static final Columns MEMBER = Columns.of("neutron_port_group");
    private static final Field<String> MEMBER_PORT = MEMBER.text("port_id");
    private static final Field<String> MEMBER_GROUP = MEMBER.text("group_id");

    final Field<String> network = bind(columns().text("network_id"), Port::networkId);
    final Field<String> name = bind(columns().text("name"), Port::name);
    final Field<String> mac = bind(columns().text("mac_address"), Port::mac);
    final Field<Boolean> adminUp = bind(columns().bool("admin_state_up"), Port::adminUp);
    final Field<String> status = bind(columns().text("status"), Port::status);
    final Field<String> deviceId =
            bind(columns().text("device_id"), p -> p.device().id());
    final Field<String> deviceOwner =
            bind(columns().text("device_owner"), p -> p.device().owner());
    final Field<Boolean> madeForDevice =
            bind(columns().bool("made_for_device"), p -> p.device().madeForIt());
    final Field<String> deviceTag =
            bind(columns().text("device_tag"), p -> p.device().tag());
    final Field<Instant> attachedAt =
            bind(columns().instant("attached_at"), p -> p.device().since());
    final Field<String> host = bind(columns().text("host"), p -> p.binding().host());
    final Field<String> vnicType =
            bind(columns().text("vnic_type"), p -> p.binding().vnicType());
    final Field<String> vifType =
            bind(columns().text("vif_type"), p -> p.binding().vifType());
    final Field<Map<String, Object>> vifDetails =
            bind(columns().json("vif_details", OBJECT), p -> p.binding().vifDetails());
    final Field<Map<String, Object>> profile =
            bind(columns().json("profile", OBJECT), p -> p.binding().profile());
    final Field<Boolean> portSecurity =
            bind(columns().bool("port_security_enabled"), p -> p.protection().enabled());
    final Field<List<AddressPair>> pairs = bind(
            columns().json("address_pairs", new TypeReference<List<AddressPair>>() {}),
            p -> p.protection().pairs());
    final Field<List<DhcpOption>> dhcpOptions =
            bind(columns().json("dhcp_options", new TypeReference<List<DhcpOption>>() {}), Port::dhcpOptions);
    final Field<String> dnsName = bind(columns().text("dns_name"), p -> p.dns().name());
    final Field<String> dnsDomain =
            bind(columns().text("dns_domain"), p -> p.dns().domain());

    private final NetworkStore networks;

    public PortStore(NetworkStore networks) {
        super("Port", "neutron_port");
        this.networks = networks;
    }

    public List<Port> onNetwork(Tx tx, String networkId) {
        return where(tx, network.eq(networkId));
    }

    /** A port of the caller's project, or any for an operator. */
    public Port requireOwn(Tx tx, Caller caller, String portId) {
        return find(tx, portId)
                .filter(port -> caller.isAdmin() || port.projectId().equals(caller.projectId()))
                .orElseThrow(() -> missing(portId));
    }

    /** A port of the caller's project or of its networks, or any for an operator. */
    public Port requireVisible(Tx tx, Caller caller, String portId) {
        Condition visible = caller.isAdmin() ? DSL.noCondition() : visibleTo(caller.requireProject());
        return where(tx, id().eq(portId).and(visible)).stream().findFirst().orElseThrow(() -> missing(portId));
    }

    public int countOnNetwork(Tx tx, String networkId) {
        return count(tx, network.eq(networkId));
    }

    /** In the order in which they were attached. */
    public List<Port> ofDevices(Tx tx, Collection<String> devices) {
        if (devices.isEmpty()) {
            return List.of();
        }
        List<Port> found = new ArrayList<>(where(tx, deviceId.in(devices)));
        found.sort(
                java.util.Comparator.comparing((Port p) -> p.device().since()).thenComparing(Port::id));
        return found;
    }

    public List<Port> ofDevice(Tx tx, String device) {
        return ofDevices(tx, List.of(device));
    }

    public List<Port> ownedBy(Tx tx, String owner, String networkId) {
        return where(tx, deviceOwner.eq(owner).and(network.eq(networkId)));
    }

    public int countOnHost(Tx tx, String hostName, String networkId) {
        return count(tx, host.eq(hostName).and(network.eq(networkId)));
    }

    public boolean isOnHost(Tx tx, String hostName, String networkId) {
        return count(tx, host.eq(hostName).and(network.eq(networkId))) > 0;
    }

    public List<Port> inGroups(Tx tx, Collection<String> groups) {
        return groups.isEmpty() ? List.of() : where(tx, inAnyGroup(groups));
    }

    /** Selects the ports that are in any of the groups. */
    public static Select<Record1<String>> idsInGroups(Collection<String> groups) {
        return DSL.select(MEMBER_PORT).from(MEMBER.table()).where(MEMBER_GROUP.in(groups));
    }

    /** The addresses of a group's ports and those that they may use besides, some of these as blocks. */
    public Set<String> memberAddresses(Tx tx, String group) {
        Set<String> members = new TreeSet<>(Sql.in(tx)
                .select(IP_ADDRESS)
                .from(IP.table())
                .where(IP_PORT.in(idsInGroups(List.of(group))))
                .fetch(IP_ADDRESS));
        Sql.in(tx)
                .select(pairs)
                .from(table())
                .where(inAnyGroup(List.of(group)))
                .and(pairs.ne(List.of()))
                .fetch(pairs)
                .forEach(some -> some.forEach(pair -> members.add(pair.address())));
        return members;
    }

    public List<Port> withAddressOf(Tx tx, String subnetId) {
        return where(tx, id().in(DSL.select(IP_PORT).from(IP.table()).where(IP_SUBNET.eq(subnetId))));
    }

    public List<Port> at(Tx tx, String networkId, String address) {
        return where(
                tx,
                id().in(DSL.select(IP_PORT)
                        .from(IP.table())
                        .where(IP_NETWORK.eq(networkId))
                        .and(IP_ADDRESS.eq(address))));
    }

    public Set<String> addressesOf(Tx tx, String subnetId) {
        return new HashSet<>(Sql.in(tx)
                .select(IP_ADDRESS)
                .from(IP.table())
                .where(IP_SUBNET.eq(subnetId))
                .fetch(IP_ADDRESS));
    }

    public int countOfSubnet(Tx tx, String subnetId) {
        return Sql.in(tx).fetchCount(DSL.selectOne().from(IP.table()).where(IP_SUBNET.eq(subnetId)));
    }

    boolean isTaken(Tx tx, String networkId, String address) {
        return Sql.in(tx)
                .fetchExists(DSL.selectOne()
                        .from(IP.table())
                        .where(IP_NETWORK.eq(networkId))
                        .and(IP_ADDRESS.eq(address)));
    }

    boolean isMacTaken(Tx tx, String networkId, String address) {
        return count(tx, network.eq(networkId).and(mac.eq(address))) > 0;
    }

    /** Ports whose addresses pass all of the conditions at once, for {@code fixed_ips=} filters. */
    Condition withAddress(Set<String> addresses, Set<String> subnets, Set<String> parts) {
        Condition ips = DSL.noCondition();
        if (!addresses.isEmpty()) {
            ips = ips.and(IP_ADDRESS.in(addresses));
        }
        if (!subnets.isEmpty()) {
            ips = ips.and(IP_SUBNET.in(subnets));
        }
        for (String part : parts) {
            ips = ips.and(IP_ADDRESS.contains(part));
        }
        return id().in(DSL.select(IP_PORT).from(IP.table()).where(ips));
    }

    Condition inAnyGroup(Collection<String> groups) {
        return id().in(idsInGroups(groups));
    }

    Condition visibleTo(String project) {
        return project()
                .eq(project)
                .or(network.in(DSL.select(networks.id())
                        .from(networks.table())
                        .where(networks.project().eq(project))));
    }

    @Override
    protected Port of(Record row, Standard standard) {
        return new Port(
                standard,
                row.get(network),
                "",
                row.get(name),
                row.get(mac),
                row.get(adminUp),
                row.get(status),
                new Device(
                        row.get(deviceId),
                        row.get(deviceOwner),
                        row.get(madeForDevice),
                        row.get(deviceTag),
                        row.get(attachedAt)),
                new Binding(row.get(host), row.get(vnicType), row.get(vifType), row.get(vifDetails), row.get(profile)),
                new Protection(row.get(portSecurity), row.get(pairs), List.of()),
                new Dns(row.get(dnsName), row.get(dnsDomain)),
                row.get(dhcpOptions),
                List.of());
    }

    @Override
    protected List<Port> complete(Tx tx, List<Port> plain) {
        List<String> ids = plain.stream().map(Port::id).toList();
        Map<String, List<FixedIp>> ips = new HashMap<>();
        Sql.in(tx)
                .select(IP_PORT, IP_SUBNET, IP_ADDRESS)
                .from(IP.table())
                .where(IP_PORT.in(ids))
                .orderBy(IP_ORDINAL, IP_ADDRESS)
                .forEach(row -> ips.computeIfAbsent(row.get(IP_PORT), id -> new ArrayList<>())
                        .add(new FixedIp(row.get(IP_SUBNET), row.get(IP_ADDRESS))));
        Map<String, List<String>> groups = new HashMap<>();
        Sql.in(tx)
                .select(MEMBER_PORT, MEMBER_GROUP)
                .from(MEMBER.table())
                .where(MEMBER_PORT.in(ids))
                .orderBy(MEMBER_GROUP)
                .forEach(row -> groups.computeIfAbsent(row.get(MEMBER_PORT), id -> new ArrayList<>())
                        .add(row.get(MEMBER_GROUP)));
        Map<String, String> owners = Sql.in(tx)
                .select(networks.id(), networks.project())
                .from(networks.table())
                .where(networks.id()
                        .in(plain.stream().map(Port::networkId).distinct().toList()))
                .fetchMap(networks.id(), networks.project());
        return plain.stream()
                .map(p -> p.on(
                        owners.getOrDefault(p.networkId(), ""),
                        ips.getOrDefault(p.id(), List.of()),
                        groups.getOrDefault(p.id(), List.of())))
                .toList();
    }

    @Override
    protected void writeParts(Tx tx, Port port) {
        writeAddresses(tx, port);
        Sql.in(tx)
                .deleteFrom(MEMBER.table())
                .where(MEMBER_PORT.eq(port.id()))
                .and(MEMBER_GROUP.notIn(port.protection().groups()))
                .execute();
        Set<String> present = new HashSet<>(Sql.in(tx)
                .select(MEMBER_GROUP)
                .from(MEMBER.table())
                .where(MEMBER_PORT.eq(port.id()))
                .fetch(MEMBER_GROUP));
        for (String group : port.protection().groups()) {
            if (present.add(group)) {
                Sql.in(tx)
                        .insertInto(MEMBER.table())
                        .set(MEMBER_PORT, port.id())
                        .set(MEMBER_GROUP, group)
                        .execute();
            }
        }
    }

    void writeStatus(Tx tx, Port changed) {
        Sql.one(
                Sql.in(tx)
                        .update(table())
                        .set(status, changed.status())
                        .set(revision(), changed.standard().revision())
                        .set(updated(), changed.standard().updatedAt())
                        .where(id().eq(changed.id()))
                        .and(revision().eq(changed.standard().revision() - 1))
                        .execute(),
                "Port");
    }

    /** An address that another port took in the meantime is a lost race. */
    private void writeAddresses(Tx tx, Port port) {
        List<String> wanted = port.addresses();
        Sql.in(tx)
                .deleteFrom(IP.table())
                .where(IP_PORT.eq(port.id()))
                .and(IP_ADDRESS.notIn(wanted))
                .execute();
        Map<String, Integer> present = Sql.in(tx)
                .select(IP_ADDRESS, IP_ORDINAL)
                .from(IP.table())
                .where(IP_PORT.eq(port.id()))
                .fetchMap(IP_ADDRESS, IP_ORDINAL);
        for (int i = 0; i < port.fixedIps().size(); i++) {
            FixedIp ip = port.fixedIps().get(i);
            Integer ordinal = present.get(ip.address());
            if (ordinal == null) {
                insertAddress(tx, port, ip, i);
            } else if (ordinal != i) {
                Sql.in(tx)
                        .update(IP.table())
                        .set(IP_ORDINAL, i)
                        .where(IP_PORT.eq(port.id()))
                        .and(IP_ADDRESS.eq(ip.address()))
                        .execute();
            }
        }
    }

    private static void insertAddress(Tx tx, Port port, FixedIp ip, int ordinal) {
        int inserted = Sql.in(tx)
                .insertInto(IP.table())
                .set(IP_NETWORK, port.networkId())
                .set(IP_ADDRESS, ip.address())
                .set(IP_SUBNET, ip.subnetId())
                .set(IP_PORT, port.id())
                .set(IP_ORDINAL, ordinal)
                .onConflictDoNothing()
                .execute();
        if (inserted == 0) {
            throw new LostRace("address " + ip.address());
        }
    }

    @Override
    protected void deleteParts(Tx tx, Port port) {
        Sql.in(tx).deleteFrom(IP.table()).where(IP_PORT.eq(port.id())).execute();
        Sql.in(tx).deleteFrom(MEMBER.table()).where(MEMBER_PORT.eq(port.id())).execute();
    }
}
