package io.nacre.network.linux;

import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.NetworkNode.FloatingIp;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.RouterLeg;
import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.network.Cidr;
import io.nacre.network.DeviceNames;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A namespace for each router, with a leg in each of its networks. */
final class Routers implements AutoCloseable {
    /** Marks routes as ours, apart from those that belong to addresses. */
    private static final String OURS = "static";

    private final Host host;
    private final Bridges bridges;
    private final FilterAccess filters;
    private final MetadataSource metadata;
    private final Map<String, MetadataListener> listeners = new ConcurrentHashMap<>();
    /** By router: the network behind each of its own addresses. */
    private final Map<String, Map<InetAddress, String>> sides = new ConcurrentHashMap<>();

    Routers(Host host, Bridges bridges, FilterAccess filters, MetadataSource metadata) {
        this.host = host;
        this.bridges = bridges;
        this.filters = filters;
        this.metadata = metadata;
    }

    /** One device of the router: a leg with all addresses it shall have. */
    private record Side(String device, RouterLeg leg, List<String> addresses) {}

    private static List<Side> sides(RouterSpec router) {
        List<Side> all = new ArrayList<>();
        for (RouterLeg leg : router.legs()) {
            all.add(new Side(DeviceNames.legEnd(leg.portId()), leg, leg.addresses()));
        }
        RouterLeg gateway = router.gateway();
        if (gateway != null) {
            List<String> addresses = new ArrayList<>(gateway.addresses());
            router.floatingIps().stream().map(FloatingIp::floating).forEach(addresses::add);
            all.add(new Side(DeviceNames.gatewayEnd(gateway.portId()), gateway, addresses));
        }
        return all;
    }

    void apply(RouterSpec router, Map<String, NetworkSpec> networks) {
        String namespace = host.routerNamespace(router.id());
        if (host.namespaces().ensure(namespace)) {
            closeListener(router.id());
            prepare(namespace);
        }
        List<Side> wanted = sides(router);
        Addresses before = Addresses.read(host.tools(), namespace);
        List<String> lines = new ArrayList<>(unwanted(wanted, before));
        for (Side side : wanted) {
            String bridge =
                    bridges.name(Objects.requireNonNull(networks.get(side.leg().networkId())));
            boolean fresh = connect(side, bridge, namespace, before.links().get(side.device()));
            Addresses present = fresh ? new Addresses(Map.of(), Map.of()) : before;
            lines.add("link set dev " + side.device() + " mtu " + side.leg().mtu() + " up");
            lines.addAll(present.changes(side.device(), side.addresses()));
        }
        host.tools().ip(namespace, lines);
        routes(router, namespace);
        try (Nftables nft = filters.open(namespace)) {
            nft.run(RouterRules.text(router));
        }
        wanted.forEach(side -> announce(side, namespace, before));
        answer(router, namespace);
    }

    private void prepare(String namespace) {
        Namespaces.sysctl(
                namespace,
                List.of(
                        "ipv4/ip_forward=1",
                        "ipv4/conf/all/arp_ignore=1",
                        "ipv4/conf/all/arp_announce=2",
                        "ipv4/conf/all/rp_filter=0",
                        "ipv4/conf/default/rp_filter=0",
                        "ipv6/conf/default/accept_ra=0",
                        "ipv6/conf/default/accept_dad=0",
                        "ipv6/conf/all/forwarding=1"));
        host.tools().ip(namespace, List.of("link set dev lo up"));
    }

    private static List<String> unwanted(List<Side> wanted, Addresses before) {
        return before.links().keySet().stream()
                .filter(name -> name.startsWith("qr-") || name.startsWith("qg-"))
                .filter(name -> wanted.stream().noneMatch(side -> side.device().equals(name)))
                .map(name -> "link del dev " + name)
                .toList();
    }

    /** True when the device had to be made. */
    private boolean connect(Side side, String bridge, String namespace, @Nullable Link there) {
        RouterLeg leg = side.leg();
        String outer = DeviceNames.routerPort(leg.portId());
        Link end = Link.find(host.tools(), host.namespace(), outer).orElse(null);
        boolean keep = there != null && end != null && there.mac().equalsIgnoreCase(leg.mac());
        List<String> lines = new ArrayList<>();
        if (!keep) {
            if (end != null) {
                lines.add("link del dev " + outer);
            }
            end = null;
            lines.add("link add " + outer + " type veth peer name " + side.device() + " address " + leg.mac()
                    + " netns " + namespace);
        }
        if (end == null || end.mtu() != leg.mtu() || !bridge.equals(end.master()) || !end.up()) {
            lines.add("link set dev " + outer + " mtu " + leg.mtu() + " master " + bridge + " up");
        }
        host.tools().ip(host.namespace(), lines);
        return !keep;
    }

    private void routes(RouterSpec router, String namespace) {
        Map<Cidr, String> wanted = new LinkedHashMap<>();
        RouterLeg gateway = router.gateway();
        if (gateway != null && router.gatewayNextHop() != null) {
            Cidr hop = Cidr.parse(router.gatewayNextHop());
            // The next hop may lie outside of the gateway's own subnet.
            wanted.put(
                    Cidr.parse(hop.isIpv4() ? "0.0.0.0/0" : "::/0"),
                    hop.host() + " dev " + DeviceNames.gatewayEnd(gateway.portId()) + " onlink");
        }
        router.routes()
                .forEach((to, hop) ->
                        wanted.put(Cidr.parse(to).network(), Cidr.parse(hop).host()));
        List<String> lines = new ArrayList<>();
        for (String family : List.of("-4", "-6")) {
            for (JsonNode route : host.tools().list("ip", namespace, family, "route", "show", "proto", OURS)) {
                String to = route.path("dst").asString("");
                Cidr destination =
                        to.equals("default") ? Cidr.parse(family.equals("-4") ? "0.0.0.0/0" : "::/0") : Cidr.parse(to);
                if (!wanted.containsKey(destination)) {
                    lines.add("route del " + destination.withPrefix() + " proto " + OURS);
                }
            }
        }
        wanted.forEach((to, via) -> lines.add("route replace " + to.withPrefix() + " via " + via + " proto " + OURS));
        host.tools().ip(namespace, lines);
    }

    private void announce(Side side, String namespace, Addresses before) {
        Set<Cidr> known = before.of(side.device());
        List<Cidr> added = side.addresses().stream()
                .map(Cidr::parse)
                .filter(address -> !known.contains(address))
                .toList();
        GratuitousArp.announce(namespace, side.device(), side.leg().mac(), added);
    }

    /** Guests ask the router for metadata where it is their way to everything. */
    private void answer(RouterSpec router, String namespace) {
        Map<InetAddress, String> networks = new HashMap<>();
        for (RouterLeg leg : router.legs()) {
            leg.addresses().forEach(address -> networks.put(Cidr.parse(address).address(), leg.networkId()));
        }
        sides.put(router.id(), networks);
        listeners.computeIfAbsent(
                router.id(),
                id -> MetadataListener.open(
                        namespace,
                        "0.0.0.0",
                        RouterRules.METADATA_PORT,
                        host.config().metadata(),
                        metadata,
                        address -> sides.getOrDefault(id, Map.of()).get(address)));
    }

    void remove(String routerId) {
        closeListener(routerId);
        sides.remove(routerId);
        String namespace = host.routerNamespace(routerId);
        if (host.namespaces().exists(namespace)) {
            Map<String, Link> links = Link.all(host.tools(), namespace);
            // The kernel takes its time with a namespace; its devices must not stand in the way of the next one.
            host.tools()
                    .ip(
                            namespace,
                            links.keySet().stream()
                                    .filter(name -> name.startsWith("qr-") || name.startsWith("qg-"))
                                    .map(name -> "link del dev " + name)
                                    .toList());
            host.namespaces().delete(namespace);
        }
    }

    List<String> present() {
        String prefix = host.routerPrefix();
        return host.namespaces().list(prefix).stream()
                .map(name -> name.substring(prefix.length()))
                .toList();
    }

    void purge() {
        present().forEach(this::remove);
    }

    private void closeListener(String routerId) {
        MetadataListener listener = listeners.remove(routerId);
        if (listener != null) {
            listener.close();
        }
    }

    @Override
    public void close() {
        listeners.keySet().forEach(this::closeListener);
    }
}
