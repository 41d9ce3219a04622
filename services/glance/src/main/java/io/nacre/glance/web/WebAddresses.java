package io.nacre.glance.web;

import io.nacre.base.Fault;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where we go for a user. A user's URL must not become our reach: whatever is not on the public internet is
 * refused, unless the operator allows it.
 */
public final class WebAddresses {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|\\[.*\\]|.*:.*|0[xX].*");

    /** Not globally reachable, beyond what Java has names for (IANA's special-purpose registries). */
    private static final List<Network> SPECIAL = List.of(
            network("0.0.0.0/8"),
            network("100.64.0.0/10"),
            network("192.0.0.0/24"),
            network("198.18.0.0/15"),
            network("240.0.0.0/4"),
            network("fc00::/7"),
            network("64:ff9b::/96"),
            network("2002::/16"));

    private record Network(byte[] address, int prefix) {
        boolean holds(InetAddress candidate) {
            byte[] other = candidate.getAddress();
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (other[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** @param port -1 for the usual ones */
    private record Allowed(Network network, int port) {}

    private final List<Integer> ports;
    private final List<Allowed> allowed = new ArrayList<>();

    /**
     * @param ports that may be connected to
     * @param allow internal addresses that may be reached all the same: {@code 10.0.0.7}, {@code 10.1.0.0/16}, and with
     *     a port of their own {@code 127.0.0.1:8080}
     */
    public WebAddresses(List<Integer> ports, List<String> allow) {
        this.ports = List.copyOf(ports);
        for (String entry : allow) {
            int colon = entry.indexOf('.') > 0 ? entry.lastIndexOf(':') : -1;
            String network = colon < 0 ? entry : entry.substring(0, colon);
            allowed.add(new Allowed(network(network), colon < 0 ? -1 : Integer.parseInt(entry.substring(colon + 1))));
        }
    }

    private static Network network(String text) {
        String[] parts = text.split("/", 2);
        try {
            byte[] address = InetAddress.ofLiteral(parts[0]).getAddress();
            return new Network(address, parts.length > 1 ? Integer.parseInt(parts[1]) : address.length * 8);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not an address or network: " + text, e);
        }
    }

    /** The URL, as far as can be said without asking the network; faults with INVALID. */
    public URI check(String text) {
        try {
            URI uri = new URI(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String host = uri.getHost();
            if (!List.of("http", "https").contains(scheme) || host == null || uri.getRawUserInfo() != null) {
                throw refused(text);
            }
            int port = port(uri);
            if (!ports.contains(port) && allowed.stream().noneMatch(entry -> entry.port() == port)) {
                throw refused(text);
            }
            if (LITERAL.matcher(host).matches()) {
                resolve(uri);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw refused(text).because(e);
        }
    }

    private static io.nacre.base.FaultException refused(String text) {
        return Fault.invalid("URI for web-download does not pass filtering: " + text);
    }

    static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /** The one address that is then connected to; faults with INVALID when any of the host's is not allowed. */
    InetAddress resolve(URI uri) {
        String host = uri.getHost();
        try {
            InetAddress[] all = InetAddress.getAllByName(host);
            for (InetAddress address : all) {
                if (!mayReach(address, port(uri))) {
                    throw Fault.invalid(
                            "URI for web-download does not pass filtering: the address of " + host + " is not allowed");
                }
            }
            return all[0];
        } catch (UnknownHostException e) {
            throw Fault.invalid("The host " + host + " of the web-download is not known.")
                    .because(e);
        }
    }

    private boolean mayReach(InetAddress address, int port) {
        for (Allowed entry : allowed) {
            boolean rightPort = entry.port() < 0 ? ports.contains(port) : entry.port() == port;
            if (rightPort && entry.network().holds(address)) {
                return true;
            }
        }
        boolean compatible = address instanceof Inet6Address six && six.isIPv4CompatibleAddress();
        return ports.contains(port)
                && !compatible
                && !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress()
                && SPECIAL.stream().noneMatch(network -> network.holds(address));
    }
}
