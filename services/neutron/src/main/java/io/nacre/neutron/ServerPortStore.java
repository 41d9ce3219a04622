package io.nacre.neutron;

import io.nacre.base.Tx;
import io.nacre.contracts.peer.Networks.Address;
import io.nacre.contracts.peer.Networks.Port;
import io.nacre.contracts.peer.Networks.Subnet;
import io.nacre.contracts.peer.SecurityGroups.GroupName;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.neutron.subnet.Subnet.Route;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Field;
import org.jooq.Record;
import tools.jackson.core.type.TypeReference;

/**
 * The ports of servers as the Compute service shows them. Every listing of servers asks for these, so it reads what is
 * shown and nothing else, with the same few queries for one server and for a thousand.
 */
final class ServerPortStore {
    private static final Columns PORT = Columns.of("neutron_port");
    private static final Field<String> ID = PORT.text("id");
    private static final Field<String> DEVICE = PORT.text("device_id");
    private static final Field<String> MAC = PORT.text("mac_address");
    private static final Field<String> STATUS = PORT.text("status");
    private static final Field<Boolean> MADE = PORT.bool("made_for_device");
    private static final Field<String> TAG = PORT.text("device_tag");
    private static final Field<Instant> ATTACHED = PORT.instant("attached_at");
    private static final Field<String> ON_NETWORK = PORT.text("network_id");

    private static final Columns NETWORK = Columns.of("neutron_network");
    private static final Field<String> NETWORK_ID = NETWORK.text("id");
    private static final Field<String> NETWORK_NAME = NETWORK.text("name");
    private static final Field<Integer> MTU = NETWORK.integer("mtu");

    private static final Columns IP = Columns.of("neutron_fixed_ip");
    private static final Field<String> IP_PORT = IP.text("port_id");
    private static final Field<String> IP_SUBNET = IP.text("subnet_id");
    private static final Field<String> IP_ADDRESS = IP.text("address");
    private static final Field<Integer> IP_ORDINAL = IP.integer("ordinal");

    private static final Columns SUBNET = Columns.of("neutron_subnet");
    private static final Field<String> SUBNET_ID = SUBNET.text("id");
    private static final Field<Integer> VERSION = SUBNET.integer("ip_version");
    private static final Field<String> CIDR = SUBNET.text("cidr");
    private static final Field<String> GATEWAY = SUBNET.text("gateway_ip");
    private static final Field<Boolean> DHCP = SUBNET.bool("enable_dhcp");
    private static final Field<List<String>> DNS = SUBNET.strings("dns_nameservers");
    private static final Field<List<Route>> ROUTES = SUBNET.json("host_routes", new TypeReference<List<Route>>() {});

    private static final Columns FLOATING = Columns.of("neutron_floatingip");
    private static final Field<String> FLOATING_PORT = FLOATING.text("port_id");
    private static final Field<String> FLOATING_ADDRESS = FLOATING.text("address");
    private static final Field<Instant> FLOATING_CREATED = FLOATING.instant("created_at");
    private static final Field<String> FLOATING_ID = FLOATING.text("id");

    private static final Columns MEMBER = Columns.of("neutron_port_group");
    private static final Field<String> MEMBER_PORT = MEMBER.text("port_id");
    private static final Field<String> MEMBER_GROUP = MEMBER.text("group_id");

    private static final Columns GROUP = Columns.of("neutron_security_group");
    private static final Field<String> GROUP_ID = GROUP.text("id");
    private static final Field<String> GROUP_NAME = GROUP.text("name");
    private static final Field<String> GROUP_PROJECT = GROUP.text("project_id");

    private record Known(int version, Subnet subnet) {}

    /** By server, each one's in the order in which they were attached. */
    Map<String, List<Port>> of(Tx tx, Collection<String> serverIds) {
        if (serverIds.isEmpty()) {
            return Map.of();
        }
        List<? extends Record> rows = Sql.in(tx)
                .select(ID, DEVICE, MAC, STATUS, MADE, TAG, NETWORK_ID, NETWORK_NAME, MTU)
                .from(PORT.table())
                .join(NETWORK.table())
                .on(NETWORK_ID.eq(ON_NETWORK))
                .where(DEVICE.in(serverIds))
                .orderBy(ATTACHED, ID)
                .fetch();
        if (rows.isEmpty()) {
            return Map.of();
        }
        List<String> ids = rows.stream().map(row -> row.get(ID)).toList();
        Map<String, List<Address>> addresses = fixed(tx, ids);
        floating(tx, ids, addresses);
        Map<String, List<GroupName>> groups = groups(tx, ids);
        Map<String, List<Port>> byServer = new HashMap<>();
        for (Record row : rows) {
            String id = row.get(ID);
            byServer.computeIfAbsent(row.get(DEVICE), server -> new ArrayList<>())
                    .add(new Port(
                            id,
                            row.get(NETWORK_ID),
                            row.get(NETWORK_NAME),
                            row.get(MAC),
                            row.get(STATUS),
                            row.get(MTU),
                            row.get(MADE),
                            row.get(TAG),
                            addresses.getOrDefault(id, List.of()),
                            groups.getOrDefault(id, List.of())));
        }
        return byServer;
    }

    private static Map<String, List<Address>> fixed(Tx tx, List<String> ports) {
        List<? extends Record> rows = Sql.in(tx)
                .select(IP_PORT, IP_SUBNET, IP_ADDRESS)
                .from(IP.table())
                .where(IP_PORT.in(ports))
                .orderBy(IP_ORDINAL, IP_ADDRESS)
                .fetch();
        Map<String, Known> subnets = subnets(
                tx, rows.stream().map(row -> row.get(IP_SUBNET)).distinct().toList());
        Map<String, List<Address>> byPort = new HashMap<>();
        for (Record row : rows) {
            Known on = subnets.get(row.get(IP_SUBNET));
            if (on != null) {
                byPort.computeIfAbsent(row.get(IP_PORT), port -> new ArrayList<>())
                        .add(new Address(on.version(), row.get(IP_ADDRESS), "fixed", on.subnet()));
            }
        }
        return byPort;
    }

    private static Map<String, Known> subnets(Tx tx, List<String> ids) {
        return Sql.in(tx)
                .select(SUBNET_ID, VERSION, CIDR, GATEWAY, DHCP, DNS, ROUTES)
                .from(SUBNET.table())
                .where(SUBNET_ID.in(ids))
                .fetchMap(SUBNET_ID, ServerPortStore::subnet);
    }

    private static Known subnet(Record row) {
        Map<String, String> routes = new LinkedHashMap<>();
        row.get(ROUTES).forEach(route -> routes.put(route.destination(), route.nexthop()));
        return new Known(
                row.get(VERSION),
                new Subnet(row.get(SUBNET_ID), row.get(CIDR), row.get(GATEWAY), row.get(DNS), routes, row.get(DHCP)));
    }

    private static void floating(Tx tx, List<String> ports, Map<String, List<Address>> byPort) {
        Sql.in(tx)
                .select(FLOATING_PORT, FLOATING_ADDRESS)
                .from(FLOATING.table())
                .where(FLOATING_PORT.in(ports))
                .orderBy(FLOATING_CREATED, FLOATING_ID)
                .forEach(row -> byPort.computeIfAbsent(row.get(FLOATING_PORT), port -> new ArrayList<>())
                        .add(new Address(4, row.get(FLOATING_ADDRESS), "floating", null)));
    }

    private static Map<String, List<GroupName>> groups(Tx tx, List<String> ports) {
        Map<String, List<GroupName>> byPort = new HashMap<>();
        Sql.in(tx)
                .select(MEMBER_PORT, GROUP_ID, GROUP_NAME, GROUP_PROJECT)
                .from(MEMBER.table())
                .join(GROUP.table())
                .on(GROUP_ID.eq(MEMBER_GROUP))
                .where(MEMBER_PORT.in(ports))
                .orderBy(MEMBER_GROUP)
                .forEach(row -> byPort.computeIfAbsent(row.get(MEMBER_PORT), port -> new ArrayList<>())
                        .add(new GroupName(row.get(GROUP_ID), row.get(GROUP_NAME), row.get(GROUP_PROJECT))));
        return byPort;
    }
}
