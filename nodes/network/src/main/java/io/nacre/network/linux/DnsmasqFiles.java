package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.Dhcp;
import io.nacre.contracts.node.NetworkNode.DhcpSubnet;
import io.nacre.contracts.node.NetworkNode.NetworkSpec;
import io.nacre.contracts.node.NetworkNode.Reservation;
import io.nacre.network.Cidr;
import io.nacre.network.DeviceNames;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What dnsmasq is told about a network, as text. A change of {@code config} takes a new process, a change of
 * {@code options} a signal, and a new file in {@code hosts} or {@code names} nothing: the process watches these folders.
 *
 * @param config options of the process
 * @param options DHCP options by tag
 * @param hosts one file for each port: who gets which address
 * @param names one file for each port: its name in the network's DNS
 */
record DnsmasqFiles(String config, String options, Map<String, String> hosts, Map<String, String> names) {
    static final String METADATA_ADDRESS = "169.254.169.254";

    private static final Pattern OPTION = Pattern.compile("[a-z0-9][a-z0-9-]{0,60}");
    /** Neither the end of a line nor a quote may get into the file. */
    private static final Pattern VALUE = Pattern.compile("[^\\p{Cntrl}\"]{0,255}");

    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /** Where a running service keeps its files. */
    record Folder(Path path) {
        Path config() {
            return path.resolve("dnsmasq.conf");
        }

        Path options() {
            return path.resolve("options");
        }

        Path hosts() {
            return path.resolve("hosts");
        }

        Path names() {
            return path.resolve("names");
        }

        Path unfinished() {
            return path.resolve("unfinished");
        }

        Path owners() {
            return path.resolve("owners");
        }

        Path leases() {
            return path.resolve("leases");
        }

        Path pid() {
            return path.resolve("pid");
        }

        Path log() {
            return path.resolve("log");
        }
    }

    static DnsmasqFiles of(NetworkSpec network, Folder folder, Duration leaseTime) {
        Dhcp dhcp = Objects.requireNonNull(network.dhcp());
        Map<String, String> hosts = new TreeMap<>();
        Map<String, String> names = new TreeMap<>();
        for (Reservation guest : dhcp.reservations()) {
            hosts.put(guest.portId(), host(guest, dhcp));
            names.put(guest.portId(), name(guest, dhcp.domain()));
        }
        return new DnsmasqFiles(config(network, dhcp, folder, leaseTime), options(dhcp), hosts, names);
    }

    private static String config(NetworkSpec network, Dhcp dhcp, Folder folder, Duration leaseTime) {
        List<String> lines = new ArrayList<>();
        String device = DeviceNames.dhcpEnd(dhcp.portId());
        lines.add("interface=" + device);
        lines.addAll(List.of("except-interface=lo", "bind-interfaces", "no-hosts", "no-resolv", "no-poll"));
        lines.addAll(List.of("dhcp-authoritative", "no-ping", "quiet-dhcp", "quiet-dhcp6", "quiet-ra"));
        lines.add("pid-file=" + folder.pid());
        lines.add("log-facility=" + folder.log());
        lines.add("dhcp-leasefile=" + folder.leases());
        lines.add("dhcp-hostsdir=" + folder.hosts());
        lines.add("hostsdir=" + folder.names());
        lines.add("dhcp-optsfile=" + folder.options());
        if (!dhcp.domain().isEmpty()) {
            lines.add("domain=" + dhcp.domain());
            lines.add("local=/" + dhcp.domain() + "/");
        }
        lines.add("dhcp-option-force=option:mtu," + network.mtu());
        long lease = leaseTime.toSeconds();
        long room = 0;
        boolean advertised = false;
        for (DhcpSubnet subnet : dhcp.subnets()) {
            Cidr cidr = Cidr.parse(subnet.cidr()).network();
            String range = range(subnet, cidr, lease);
            if (range != null) {
                lines.add("dhcp-range=" + range);
                advertised |= cidr.isIpv6();
                room += 1L << Math.min(16, cidr.address().getAddress().length * 8 - cidr.prefix());
            }
        }
        lines.add("dhcp-lease-max=" + Math.max(1, room));
        if (advertised) {
            lines.add("enable-ra");
            // Lifetime 0: the prefix is announced from here, but the way out is not through here.
            lines.add("ra-param=" + device + (network.mtu() < 1280 ? "" : ",mtu:" + network.mtu()) + ",60,0");
        }
        return lines(lines);
    }

    /** Null for a subnet that needs no service: one whose guests configure themselves without announcements. */
    private static @Nullable String range(DhcpSubnet subnet, Cidr cidr, long lease) {
        String start = "set:" + tag(subnet) + "," + cidr.host();
        if (cidr.isIpv4()) {
            return start + ",static," + cidr.netmask() + "," + lease;
        }
        return switch (subnet.raMode()) {
            case null -> null;
            case "slaac" -> start + ",ra-only," + cidr.prefix() + "," + lease;
            case "dhcpv6-stateless" -> start + ",ra-stateless," + cidr.prefix() + "," + lease;
            default -> start + ",static," + cidr.prefix() + "," + lease;
        };
    }

    private static String tag(DhcpSubnet subnet) {
        return "subnet-" + subnet.id();
    }

    private static String host(Reservation guest, Dhcp dhcp) {
        // Only where it is needed, see Dnsmasq.diesOfRereading.
        String tag = guest.options().isEmpty() ? "" : ",set:port-" + guest.portId();
        String name = fullName(guest, dhcp.domain()).map(full -> "," + full).orElse("");
        List<String> lines = new ArrayList<>();
        for (String address : guest.addresses()) {
            Cidr at = Cidr.parse(address);
            boolean served = dhcp.subnets().stream()
                    .anyMatch(subnet -> Cidr.parse(subnet.cidr()).contains(at));
            if (served) {
                lines.add(guest.mac().toLowerCase(Locale.ROOT) + tag + name + ","
                        + (at.isIpv6() ? "[" + at.host() + "]" : at.host()));
            }
        }
        return lines(lines);
    }

    private static String name(Reservation guest, String domain) {
        Optional<String> full = fullName(guest, domain);
        if (full.isEmpty()) {
            return "";
        }
        String names = full.get() + " " + firstLabel(guest);
        return lines(guest.addresses().stream()
                .map(address -> Cidr.parse(address).host() + " " + names)
                .toList());
    }

    /**
     * The name with its domain, by which dnsmasq can tell it from its own words: "ignore" or "30m" alone would mean
     * something else, and a name it finds illegal would cost the guest its address.
     */
    private static Optional<String> fullName(Reservation guest, String domain) {
        String label = firstLabel(guest);
        return domain.isEmpty() || !LABEL.matcher(label).matches()
                ? Optional.empty()
                : Optional.of(label + "." + domain);
    }

    private static String firstLabel(Reservation guest) {
        int dot = guest.hostname().indexOf('.');
        return dot < 0 ? guest.hostname() : guest.hostname().substring(0, dot);
    }

    private static String options(Dhcp dhcp) {
        List<String> lines = new ArrayList<>();
        for (DhcpSubnet subnet : dhcp.subnets()) {
            if (Cidr.parse(subnet.cidr()).isIpv4()) {
                ipv4(subnet, dhcp, lines);
            } else {
                ipv6(subnet, dhcp, lines);
            }
        }
        // A bad one among these is reported in dnsmasq's log and passed over.
        for (Reservation guest : dhcp.reservations()) {
            String tag = "tag:port-" + guest.portId();
            guest.options().forEach((name, value) -> {
                if (!OPTION.matcher(name).matches() || !VALUE.matcher(value).matches()) {
                    return;
                }
                String option = name.chars().allMatch(Character::isDigit) ? name : "option:" + name;
                lines.add(tag + "," + option + (value.isEmpty() ? "" : "," + value));
            });
        }
        return lines(lines);
    }

    private static void ipv4(DhcpSubnet subnet, Dhcp dhcp, List<String> lines) {
        String tag = "tag:" + tag(subnet) + ",";
        String gateway = subnet.gateway();
        // Without a value the option is left out; without the line dnsmasq would name itself.
        lines.add(tag + "option:router"
                + (gateway == null ? "" : "," + Cidr.parse(gateway).host()));
        Cidr cidr = Cidr.parse(subnet.cidr());
        String own = own(dhcp, cidr);
        List<String> servers = subnet.dnsServers().stream()
                .map(Cidr::parse)
                .filter(Cidr::isIpv4)
                .map(Cidr::host)
                .toList();
        if (servers.equals(List.of("0.0.0.0"))) {
            lines.add(tag + "option:dns-server");
        } else if (!servers.isEmpty()) {
            lines.add(tag + "option:dns-server," + String.join(",", servers));
        } else if (own != null) {
            lines.add(tag + "option:dns-server," + own);
        }
        String routes = routes(subnet, dhcp, own);
        if (!routes.isEmpty()) {
            lines.add(tag + "option:classless-static-route," + routes);
            // The same for old clients of another maker.
            lines.add(tag + "249," + routes);
        }
    }

    /**
     * Destination and next hop in turn. A client that gets these takes no notice of the router option (RFC 3442),
     * so the default route is among them.
     */
    private static String routes(DhcpSubnet subnet, Dhcp dhcp, @Nullable String own) {
        List<String> routes = new ArrayList<>();
        if (own != null && (!subnet.routed() || subnet.gateway() == null)) {
            routes.add(METADATA_ADDRESS + "/32," + own);
        }
        for (DhcpSubnet other : dhcp.subnets()) {
            if (!other.id().equals(subnet.id()) && Cidr.parse(other.cidr()).isIpv4()) {
                routes.add(Cidr.parse(other.cidr()).network().withPrefix() + ",0.0.0.0");
            }
        }
        new TreeMap<>(subnet.routes()).forEach((destination, hop) -> {
            Cidr to = Cidr.parse(destination).network();
            if (to.isIpv4()) {
                routes.add(to.withPrefix() + "," + Cidr.parse(hop).host());
            }
        });
        boolean hasDefault = routes.stream().anyMatch(route -> route.startsWith("0.0.0.0/0,"));
        if (!routes.isEmpty() && subnet.gateway() != null && !hasDefault) {
            routes.add("0.0.0.0/0," + Cidr.parse(subnet.gateway()).host());
        }
        return String.join(",", routes);
    }

    private static void ipv6(DhcpSubnet subnet, Dhcp dhcp, List<String> lines) {
        String tag = "tag:" + tag(subnet) + ",";
        String own = own(dhcp, Cidr.parse(subnet.cidr()));
        String servers = subnet.dnsServers().stream()
                .map(Cidr::parse)
                .filter(Cidr::isIpv6)
                .map(server -> "[" + server.host() + "]")
                .collect(Collectors.joining(","));
        if (servers.isEmpty() && own != null) {
            servers = "[" + own + "]";
        }
        lines.add(tag + "option6:dns-server" + (servers.isEmpty() ? "" : "," + servers));
        if (!dhcp.domain().isEmpty()) {
            lines.add(tag + "option6:domain-search," + dhcp.domain());
        }
    }

    /** The service's own address in a subnet. */
    private static @Nullable String own(Dhcp dhcp, Cidr subnet) {
        return dhcp.addresses().stream()
                .map(address -> Cidr.parse(address).address())
                .filter(subnet::contains)
                .map(InetAddress::getHostAddress)
                .findFirst()
                .orElse(null);
    }

    private static String lines(List<String> lines) {
        return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
    }
}
