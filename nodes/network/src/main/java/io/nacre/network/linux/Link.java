package io.nacre.network.linux;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A network device as {@code ip -d link} shows it.
 *
 * @param kind bridge, tun, veth, vxlan ...; empty for a physical device
 * @param master name of the bridge it belongs to
 * @param up as it was set, whatever the carrier
 * @param alias free text; here what the device is for, such as {@code port:IDENTIFIER}
 * @param details what is special to the kind
 */
record Link(
        String name,
        String kind,
        @Nullable String master,
        int mtu,
        String mac,
        boolean up,
        String alias,
        JsonNode details) {

    static Map<String, Link> all(Tools tools, String namespace) {
        Map<String, Link> links = new LinkedHashMap<>();
        for (JsonNode node : tools.list("ip", namespace, "link", "show")) {
            Link link = of(node);
            links.put(link.name(), link);
        }
        return links;
    }

    static Optional<Link> find(Tools tools, String namespace, String name) {
        List<JsonNode> found = tools.list("ip", namespace, "link", "show", "dev", name);
        return found.stream().findFirst().map(Link::of);
    }

    static Link of(JsonNode node) {
        JsonNode info = node.path("linkinfo");
        String master = node.path("master").asString("");
        return new Link(
                node.path("ifname").asString(""),
                info.path("info_kind").asString(""),
                master.isEmpty() ? null : master,
                node.path("mtu").asInt(0),
                node.path("address").asString(""),
                node.path("flags").valueStream().anyMatch(flag -> "UP".equals(flag.asString(""))),
                node.path("ifalias").asString(""),
                info.path("info_data"));
    }

    /** The identifier behind a prefix like {@code port:}, or null when the device is for something else. */
    @Nullable
    String aliasAfter(String prefix) {
        return alias.startsWith(prefix) ? alias.substring(prefix.length()) : null;
    }
}
