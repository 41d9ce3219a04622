package io.nacre.network.linux;

import io.nacre.base.Fault;
import io.nacre.network.NetworkConfig;
import io.nacre.network.NetworkConfig.PortDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the driver needs from its host, told all at once and with the command that mends it. */
final class Requirements {
    private static final Map<String, String> PACKAGES =
            Map.of("ip", "iproute2", "bridge", "iproute2", "dnsmasq", "dnsmasq-base");

    private Requirements() {}

    /** @throws io.nacre.base.FaultException that lists what is missing */
    static void check(Tools tools, FilterAccess filters, NetworkConfig config) {
        List<String> missing = new ArrayList<>();
        if (!isRoot()) {
            missing.add("it does not run as root, which making devices and namespaces needs");
        }
        List<String> packages = PACKAGES.keySet().stream()
                .sorted()
                .filter(tool -> tools.find(tool).isEmpty())
                .map(PACKAGES::get)
                .distinct()
                .collect(Collectors.toCollection(ArrayList::new));
        if (!filters.isPossible()) {
            packages.add("nftables");
        }
        if (!packages.isEmpty()) {
            missing.add("programs are missing: apt-get install " + String.join(" ", packages));
        }
        if (config.portDevice() == PortDevice.TAP && !Files.exists(Path.of("/dev/net/tun"))) {
            missing.add("/dev/net/tun is missing: modprobe tun");
        }
        if (!missing.isEmpty()) {
            throw Fault.unavailable("The linux network driver cannot work here: " + String.join("; ", missing));
        }
    }

    private static boolean isRoot() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Frames that cross a bridge must pass the inet filters too, in this namespace. */
    static void checkBridgeFilter(Tools tools, String namespace) {
        Path setting = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
        if (!Namespaces.in(namespace, () -> Files.exists(setting))) {
            if (tools.find("modprobe").isPresent()) {
                tools.attempt(null, List.of("modprobe", "br_netfilter"));
            }
            if (!Namespaces.in(namespace, () -> Files.exists(setting))) {
                throw Fault.unavailable("The linux network driver cannot work here: the kernel does not filter what"
                        + " crosses bridges. Load its module with: modprobe br_netfilter (it is in Debian's package"
                        + " linux-image-amd64)");
            }
        }
    }
}
