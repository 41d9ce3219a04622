package io.nacre.network;

import io.nacre.base.Digests;
import java.nio.file.Path;

/**
 * How things are called in the kernel. A device name has 15 characters at most, so it holds the first 11 of an
 * identifier, as neutron's have; the whole identifier stands in the device's alias.
 */
public final class DeviceNames {
    private DeviceNames() {}

    /** Of the folder below /run for the services of the agent of this host name and state directory. */
    public static String runFolder(Path state, String host) {
        // Hosts that are played by namespaces share /run, and may have the same state directory in mounts of their own.
        return namespace(Path.of(state.toAbsolutePath().normalize() + "@" + host));
    }

    /** Of the namespace that holds the data plane of the agent with this state directory. */
    public static String namespace(Path state) {
        String path = state.toAbsolutePath().normalize().toString();
        return "nacre-" + Digests.hex("SHA-256", path).substring(0, 8);
    }

    /** What a guest is connected to. */
    public static String port(String portId) {
        return "tap" + shortened(portId);
    }

    /** The other end of a port of the kind veth, to be moved into the guest's namespace. */
    public static String guestEnd(String portId) {
        return "gst" + shortened(portId);
    }

    public static String bridge(String networkId) {
        return "qbr" + shortened(networkId);
    }

    /** The bridge of a provider network, there before any network is bound to it. */
    public static String physicalBridge(String physicalNetwork) {
        return "br-" + physicalNetwork;
    }

    /** The data plane's own end in a provider network, which has its addresses. */
    public static String physicalEnd(String physicalNetwork) {
        return "ex-" + physicalNetwork;
    }

    /** The end of the same pair on the bridge. */
    public static String physicalPort(String physicalNetwork) {
        return "xp-" + physicalNetwork;
    }

    public static String tunnel(String networkId) {
        return "vx-" + shortened(networkId);
    }

    /** A DHCP service's device on the bridge. */
    public static String dhcpPort(String portId) {
        return "dh-" + shortened(portId);
    }

    /** A DHCP service's device inside its namespace. */
    public static String dhcpEnd(String portId) {
        return "ns-" + shortened(portId);
    }

    /** A router's device on the bridge. */
    public static String routerPort(String portId) {
        return "rt-" + shortened(portId);
    }

    /** A router's leg in a tenant network, inside its namespace. */
    public static String legEnd(String portId) {
        return "qr-" + shortened(portId);
    }

    /** A router's leg in the external network, inside its namespace. */
    public static String gatewayEnd(String portId) {
        return "qg-" + shortened(portId);
    }

    private static String shortened(String id) {
        return id.substring(0, Math.min(11, id.length()));
    }
}
