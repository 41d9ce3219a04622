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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A namespace for each router, with a leg in each of its networks. */
final class Routers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Routers.class);

    /** Marks routes as ours, apart from those that belong to addresses. */
    private static final String OURS = "static";

    private final Host host;
    private final Bridges bridges;
    private final FilterAccess filters;
    private final MetadataSource metadata;
    private final Map<String, Held> held = new ConcurrentHashMap<>();

    /** What this agent holds for a router; the object itself is the lock for all that is done to it. */
    private static final class Held {
        private @Nullable RouterSpec router;
        private Map<String, NetworkSpec> networks = Map.of();
        private @Nullable MetadataListener listener;
        /** The network behind each of the router's own addresses. */
        private volatile Map<InetAddress, String> behind = Map.of();
    }

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
        Held holding = held.computeIfAbsent(router.id(), id -> new Held());
        synchronized (holding) {
            holding.router = router;
            holding.networks = Map.copyOf(networks);
            make(holding, router, networks);
        }
    }

    private void make(Held holding, RouterSpec router, Map<String, NetworkSpec> networks) {
        String namespace = host.routerNamespace(router.id());
        if (host.namespaces().ensure(namespace)) {
            closeListener(holding);
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
        answer(holding, router, namespace);
        advertise(router, networks);
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
    private void answer(Held holding, RouterSpec router, String namespace) {
        Map<InetAddress, String> behind = new HashMap<>();
        for (RouterLeg leg : router.legs()) {
            leg.addresses().forEach(address -> behind.put(Cidr.parse(address).address(), leg.networkId()));
        }
        holding.behind = behind;
        if (holding.listener == null) {
            holding.listener = MetadataListener.open(
                    namespace,
                    "0.0.0.0",
                    RouterRules.METADATA_PORT,
                    host.config().metadata(),
                    metadata,
                    address -> holding.behind.get(address));
        }
    }

    private void advertise(RouterSpec router, Map<String, NetworkSpec> networks) {
        DnsmasqFiles.Folder folder = folder(router.id());
        Dnsmasq dnsmasq = dnsmasq(router.id());
        Advertisements.of(router, networks, folder).ifPresentOrElse(dnsmasq::serve, () -> {
            dnsmasq.stop();
            dnsmasq.deleteFiles();
        });
    }

    private Dnsmasq dnsmasq(String routerId) {
        return new Dnsmasq(host, host.routerNamespace(routerId), folder(routerId));
    }

    private DnsmasqFiles.Folder folder(String routerId) {
        return new DnsmasqFiles.Folder(host.runDirectory().resolve("router").resolve(routerId));
    }

    /** Starts again what has ended. */
    void look() {
        held.values().forEach(this::look);
    }

    private void look(Held holding) {
        synchronized (holding) {
            RouterSpec router = holding.router;
            if (router == null) {
                return;
            }
            Dnsmasq dnsmasq = dnsmasq(router.id());
            dnsmasq.trimLog();
            boolean wanted = Advertisements.of(router, holding.networks, folder(router.id()))
                    .isPresent();
            boolean whole = host.namespaces().exists(host.routerNamespace(router.id()))
                    && (!wanted || dnsmasq.process().isPresent());
            if (whole) {
                return;
            }
            LOG.warn("router {} is not whole, it is made again", router.id());
            try {
                make(holding, router, holding.networks);
            } catch (RuntimeException e) {
                // It is tried again at the next look, and whatever failed has been logged.
                LOG.error("router {} cannot be made again", router.id(), e);
            }
        }
    }

    void remove(String routerId) {
        Held holding = held.computeIfAbsent(routerId, id -> new Held());
        synchronized (holding) {
            closeListener(holding);
            holding.router = null;
            Dnsmasq dnsmasq = dnsmasq(routerId);
            dnsmasq.stop();
            String namespace = host.routerNamespace(routerId);
            if (host.namespaces().exists(namespace)) {
                dnsmasq.stopLost();
                // The kernel takes its time with a namespace; its devices must not stand in the way of the next one.
                host.tools().ip(namespace, unwanted(List.of(), Addresses.read(host.tools(), namespace)));
                host.namespaces().delete(namespace);
            }
            dnsmasq.deleteFiles();
            held.remove(routerId, holding);
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

    private static void closeListener(Held holding) {
        if (holding.listener != null) {
            holding.listener.close();
            holding.listener = null;
        }
    }

    /** Stops answering for metadata; everything else goes on. */
    @Override
    public void close() {
        held.values().forEach(holding -> {
            synchronized (holding) {
                closeListener(holding);
            }
        });
    }
}
