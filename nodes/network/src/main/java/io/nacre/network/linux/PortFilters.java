package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.Filter;
import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.DeviceNames;
import io.nacre.network.Numbered;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filters of all ports of the host, in two tables. Bridge table {@code dp} sees frames before anything else
 * does, ends spoofing, and writes the number of the sending port into the upper half of the packet's mark and that
 * of the receiving port into the lower half. Table {@code inet sg} sees the same packets a moment later, through
 * br_netfilter, with connection tracking, and goes by these numbers to the chains of the two ports.
 *
 * <p>Where kernels have connection tracking for bridges the first table could do it all, but not every
 * distribution's has. Each network is a zone of its own to the tracking, so that equal addresses in different
 * networks never meet.
 */
final class PortFilters implements AutoCloseable {
    private static final String BASE = """
            table bridge dp {
              map in_ports { type ifname : verdict;
              }
              map out_ports { type ifname : verdict;
              }
              chain pre {
                type filter hook prerouting priority -300; policy accept;
                meta mark set 0
                iifname vmap @in_ports
              }
              chain forw {
                type filter hook forward priority -300; policy accept;
                oifname vmap @out_ports
              }
              chain local {
                type filter hook input priority -300; policy drop;
              }
            }
            table inet sg {
              map zones { typeof iifname : ct zone;
              }
              map egress { type mark : verdict;
              }
              map ingress { type mark : verdict;
              }
              chain raw {
                type filter hook prerouting priority raw; policy accept;
                ct zone set iifname map @zones
              }
              chain forw {
                type filter hook forward priority filter; policy accept;
                meta mark & 0xffff0000 vmap @egress
                meta mark & 0x0000ffff vmap @ingress
              }
            }
            """;
    private static final Pattern ELEMENT = Pattern.compile("\"([^\"]+)\" : jump");

    private final Nftables nft;
    /** Numbers of the ports that have chains, by identifier. */
    private final Map<String, Integer> filtered = new ConcurrentHashMap<>();

    private final Map<String, Integer> zones = new ConcurrentHashMap<>();

    PortFilters(Nftables nft) {
        this.nft = nft;
    }

    /** Replaces whatever is there by the filters of these ports, without a moment in which there are none. */
    void rebuild(Map<String, Integer> bridges, Collection<Numbered<PortSpec>> ports) {
        List<String> commands = new ArrayList<>();
        for (String table : List.of("bridge dp", "inet sg")) {
            commands.add("table " + table);
            commands.add("delete table " + table);
        }
        commands.add(BASE);
        bridges.forEach((bridge, zone) -> commands.add(zone(bridge, zone)));
        List<Numbered<PortSpec>> secured =
                ports.stream().filter(port -> port.spec().security() != null).toList();
        secured.forEach(port -> add(port, commands));
        nft.run(lines(commands));
        zones.putAll(bridges);
        secured.forEach(port -> filtered.put(port.spec().id(), port.number()));
    }

    /** Tells connections that cross this bridge from those of others. */
    void separate(String bridge, int zone) {
        Integer before = zones.put(bridge, zone);
        if (before == null || before != zone) {
            nft.run(lines(List.of(zone(bridge, zone))));
        }
    }

    void forgetBridge(String bridge) {
        Integer zone = zones.remove(bridge);
        if (zone != null) {
            nft.run("delete element inet sg zones { \"" + bridge + "\" }\n");
        }
    }

    /** Makes the port's filter as declared; none when its security is null. */
    void apply(Numbered<PortSpec> port) {
        String id = port.spec().id();
        if (port.spec().security() == null) {
            remove(id);
            return;
        }
        List<String> commands = new ArrayList<>();
        add(port, commands);
        nft.run(lines(commands));
        filtered.put(id, port.number());
    }

    void remove(String portId) {
        Integer number = filtered.get(portId);
        if (number == null) {
            return;
        }
        List<String> commands = new ArrayList<>();
        for (Chain chain : chains(portId, number)) {
            // Adding first makes the deletion succeed whatever is there.
            commands.add("add chain " + chain.path());
            commands.add("add element " + chain.element());
            commands.add("delete element " + chain.element());
            commands.add("flush chain " + chain.path());
            commands.add("delete chain " + chain.path());
        }
        nft.run(lines(commands));
        filtered.remove(portId);
    }

    /** True when the port was declared with a filter. */
    boolean expects(String portId) {
        return filtered.containsKey(portId);
    }

    /** Devices whose frames are checked, as the kernel tells it. */
    Set<String> checkedDevices() {
        Set<String> devices = new TreeSet<>();
        Matcher elements = ELEMENT.matcher(nft.run("list map bridge dp in_ports\n"));
        while (elements.find()) {
            devices.add(elements.group(1));
        }
        return devices;
    }

    @Override
    public void close() {
        nft.close();
    }

    private record Chain(String table, String name, String map, String key) {
        String path() {
            return table + " " + name;
        }

        String element() {
            return table + " " + map + " { " + key + " : jump " + name + " }";
        }
    }

    private static List<Chain> chains(String portId, int number) {
        String device = "\"" + DeviceNames.port(portId) + "\"";
        return List.of(
                new Chain("bridge dp", "in_" + number, "in_ports", device),
                new Chain("bridge dp", "out_" + number, "out_ports", device),
                new Chain("inet sg", "eg_" + number, "egress", String.valueOf((long) number << 16)),
                new Chain("inet sg", "in_" + number, "ingress", String.valueOf(number)));
    }

    private static void add(Numbered<PortSpec> port, List<String> commands) {
        PortSpec spec = port.spec();
        Filter filter = spec.security() == null ? new Filter(List.of()) : spec.security();
        AntiSpoofing frames = new AntiSpoofing(spec, port.number());
        List<List<String>> rules = List.of(
                frames.fromGuest(), frames.toGuest(), SecurityRules.fromGuest(filter), SecurityRules.toGuest(filter));
        List<Chain> chains = chains(spec.id(), port.number());
        for (int i = 0; i < chains.size(); i++) {
            Chain chain = chains.get(i);
            commands.add("add chain " + chain.path());
            commands.add("flush chain " + chain.path());
            rules.get(i).forEach(rule -> commands.add("add rule " + chain.path() + " " + rule));
            commands.add("add element " + chain.element());
        }
    }

    private static String zone(String bridge, int zone) {
        return "add element inet sg zones { \"" + bridge + "\" : " + zone + " }";
    }

    private static String lines(List<String> commands) {
        return String.join("\n", commands) + "\n";
    }
}
