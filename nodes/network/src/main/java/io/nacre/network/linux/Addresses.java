package io.nacre.network.linux;

import io.nacre.network.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The devices of one namespace with their addresses, but for the link-local ones that IPv6 makes by itself.
 *
 * @param addresses by name of the device
 */
record Addresses(Map<String, Link> links, Map<String, Set<Cidr>> addresses) {

    static Addresses read(Tools tools, String namespace) {
        Map<String, Link> links = new HashMap<>();
        Map<String, Set<Cidr>> addresses = new HashMap<>();
        for (JsonNode node : tools.list("ip", namespace, "address", "show")) {
            Link link = Link.of(node);
            Set<Cidr> present = new LinkedHashSet<>();
            node.path("addr_info").forEach(info -> {
                Cidr address = Cidr.parse(info.path("local").asString() + "/"
                        + info.path("prefixlen").asInt());
                if (!(address.isIpv6() && address.address().isLinkLocalAddress())) {
                    present.add(address);
                }
            });
            links.put(link.name(), link);
            addresses.put(link.name(), present);
        }
        return new Addresses(links, addresses);
    }

    Set<Cidr> of(String device) {
        return addresses.getOrDefault(device, Set.of());
    }

    /** Lines of {@code ip} that leave the device with these addresses. */
    List<String> changes(String device, Collection<String> wanted) {
        Set<Cidr> declared = new LinkedHashSet<>();
        wanted.forEach(address -> declared.add(Cidr.parse(address)));
        List<String> lines = new ArrayList<>();
        for (Cidr address : of(device)) {
            if (!declared.contains(address)) {
                lines.add("address del " + address.withPrefix() + " dev " + device);
            }
        }
        for (Cidr address : declared) {
            if (!of(device).contains(address)) {
                // The controller gave the address to nobody else; looking for a rival would only delay its use.
                String nodad = address.isIpv6() ? " nodad" : "";
                lines.add("address add " + address.withPrefix() + " dev " + device + nodad);
            }
        }
        return lines;
    }
}
