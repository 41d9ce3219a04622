package io.nacre.network.linux;

import io.nacre.network.Cidr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Addresses of a device in a namespace. */
final class Addresses {
    private Addresses() {}

    /** Lines of {@code ip} that leave the device with these addresses, and its own link-local one. */
    static List<String> changes(Host host, String namespace, String device, Collection<String> wanted) {
        Set<Cidr> present = new LinkedHashSet<>();
        for (JsonNode link : host.tools().list("ip", namespace, "address", "show", "dev", device)) {
            link.path("addr_info").forEach(info -> {
                Cidr address = Cidr.parse(info.path("local").asString() + "/"
                        + info.path("prefixlen").asInt());
                if (!(address.isIpv6() && address.address().isLinkLocalAddress())) {
                    present.add(address);
                }
            });
        }
        Set<Cidr> declared = new LinkedHashSet<>();
        wanted.forEach(address -> declared.add(Cidr.parse(address)));
        List<String> lines = new ArrayList<>();
        for (Cidr address : present) {
            if (!declared.contains(address)) {
                lines.add("address del " + address.withPrefix() + " dev " + device);
            }
        }
        for (Cidr address : declared) {
            if (!present.contains(address)) {
                // Neutron gave the address to nobody else; looking for a rival would only delay its use.
                String nodad = address.isIpv6() ? " nodad" : "";
                lines.add("address add " + address.withPrefix() + " dev " + device + nodad);
            }
        }
        return lines;
    }
}
