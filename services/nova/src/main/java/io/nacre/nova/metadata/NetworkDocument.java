package io.nacre.nova.metadata;

import io.nacre.contracts.peer.Networks;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes network_data.json: links, networks on them, and services (nova/virt/netutils.py, get_network_metadata). */
final class NetworkDocument {
    private static final int TAP_LENGTH = 14;

    private NetworkDocument() {}

    static Map<String, Object> of(List<Networks.Port> ports) {
        List<Map<String, Object>> links = new ArrayList<>();
        List<Map<String, Object>> networks = new ArrayList<>();
        Set<String> servers = new LinkedHashSet<>();
        for (Networks.Port port : ports) {
            String link = ("tap" + port.id())
                    .substring(0, Math.min(TAP_LENGTH, port.id().length() + 3));
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("id", link);
            shown.put("vif_id", port.id());
            shown.put("type", "bridge");
            shown.put("mtu", port.mtu());
            shown.put("ethernet_mac_address", port.mac());
            links.add(shown);
            for (Networks.Address address : port.addresses()) {
                Networks.Subnet subnet = address.subnet();
                if (subnet != null) {
                    networks.add(network(port, address, subnet, link, networks.size()));
                    servers.addAll(subnet.dnsServers());
                }
            }
        }
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("links", links);
        document.put("networks", networks);
        document.put("services", services(servers));
        return document;
    }

    private static Map<String, Object> network(
            Networks.Port port, Networks.Address address, Networks.Subnet subnet, String link, int index) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", "network" + index);
        shown.put("type", "ipv" + address.version() + (subnet.dhcp() ? "_dhcp" : ""));
        shown.put("link", link);
        if (!subnet.dhcp()) {
            shown.put("ip_address", address.address());
            shown.put("netmask", netmask(subnet.cidr()));
            shown.put("routes", routes(subnet, address.version()));
            shown.put("services", services(subnet.dnsServers()));
        }
        shown.put("network_id", port.networkId());
        return shown;
    }

    private static List<Map<String, String>> routes(Networks.Subnet subnet, int version) {
        List<Map<String, String>> routes = new ArrayList<>();
        if (subnet.gateway() != null) {
            routes.add(route(version == 4 ? "0.0.0.0/0" : "::/0", subnet.gateway()));
        }
        subnet.routes().forEach((destination, hop) -> routes.add(route(destination, hop)));
        return routes;
    }

    private static Map<String, String> route(String destination, String gateway) {
        Map<String, String> route = new LinkedHashMap<>();
        route.put("network", destination.substring(0, destination.indexOf('/')));
        route.put("netmask", netmask(destination));
        route.put("gateway", gateway);
        return route;
    }

    private static List<Map<String, String>> services(Iterable<String> dnsServers) {
        List<Map<String, String>> services = new ArrayList<>();
        dnsServers.forEach(server -> services.add(Map.of("type", "dns", "address", server)));
        return services;
    }

    /** The mask of a prefix in the address's own notation. */
    static String netmask(String cidr) {
        int slash = cidr.indexOf('/');
        int prefix = Integer.parseInt(cidr.substring(slash + 1));
        byte[] mask = new byte[cidr.contains(":") ? 16 : 4];
        for (int bit = 0; bit < prefix; bit++) {
            mask[bit / 8] = (byte) (mask[bit / 8] | (0x80 >> (bit % 8)));
        }
        try {
            return InetAddress.getByAddress(mask).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
