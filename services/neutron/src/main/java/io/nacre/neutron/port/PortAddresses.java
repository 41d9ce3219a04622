package io.nacre.neutron.port;

import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.address.Addresses;
import io.nacre.neutron.address.Ipam;
import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.subnet.Subnet;
import io.nacre.neutron.subnet.SubnetStore;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which addresses a port gets, of those its network's subnets have left. */
public final class PortAddresses {
    private static final int MOST = 5;
    private static final String ROUTER_INTERFACE = "network:router_interface";
    private static final int MAC_TRIES = 20;
    private static final String MAC_PREFIX = "fa:16:3e";

    private final PortStore ports;
    private final SubnetStore subnets;
    private final RandomGenerator random;

    public PortAddresses(PortStore ports, SubnetStore subnets, RandomGenerator random) {
        this.ports = ports;
        this.subnets = subnets;
        this.random = random;
    }

    /** A MAC address that no port of the network has. */
    String mac(Tx tx, String networkId) {
        for (int i = 0; i < MAC_TRIES; i++) {
            int tail = random.nextInt(1 << 24);
            String mac = String.format(
                    "%s:%02x:%02x:%02x", MAC_PREFIX, (tail >> 16) & 0xff, (tail >> 8) & 0xff, tail & 0xff);
            if (!ports.isMacTaken(tx, networkId, mac)) {
                return mac;
            }
        }
        throw NeutronFault.unavailable(
                "NetworkMacAddressGenerationFailure", "Unable to generate unique mac on network " + networkId + ".");
    }

    /**
     * @param port with the addresses it has now, which count as free for it
     * @param wishes null for one of each version that the network has
     */
    List<FixedIp> choose(Tx tx, Port port, @Nullable List<IpWish> wishes) {
        List<Subnet> all = subnets.of(tx, port.networkId());
        List<Subnet> usable = all.stream()
                .filter(s -> s.serviceTypes().isEmpty()
                        || s.serviceTypes().contains(port.device().owner()))
                .toList();
        List<FixedIp> chosen = new ArrayList<>();
        if (wishes == null) {
            any(tx, port, usable, 4, chosen);
            any(tx, port, usable, 6, chosen);
        } else {
            if (wishes.size() > MOST) {
                throw NeutronFault.invalidInput("Exceeded maximum amount of fixed ips per port");
            }
            wished(tx, port, all, wishes, chosen);
        }
        if (!port.device().owner().equals(ROUTER_INTERFACE)) {
            automatic(port, usable, chosen);
        }
        return chosen;
    }

    /** Stateless IPv6 subnets give every port an address, asked for or not. */
    private static void automatic(Port port, List<Subnet> usable, List<FixedIp> chosen) {
        for (Subnet subnet : usable) {
            boolean there = chosen.stream().anyMatch(ip -> ip.subnetId().equals(subnet.id()));
            if (subnet.isAutoAddressed() && !there) {
                chosen.add(new FixedIp(subnet.id(), Addresses.eui64(subnet.cidr(), port.mac())));
            }
        }
    }

    /** One address of the version, from the first subnet that has one left. */
    private void any(Tx tx, Port port, List<Subnet> usable, int version, List<FixedIp> chosen) {
        List<Subnet> candidates = usable.stream()
                .filter(s -> s.version() == version && !s.isAutoAddressed())
                .toList();
        if (candidates.isEmpty()) {
            return;
        }
        for (Subnet subnet : candidates) {
            Optional<String> address = free(tx, port, subnet, chosen);
            if (address.isPresent()) {
                chosen.add(new FixedIp(subnet.id(), address.get()));
                return;
            }
        }
        throw exhausted(port.networkId());
    }

    private static FaultException exhausted(String networkId) {
        return NeutronFault.conflict(
                "IpAddressGenerationFailure", "No more IP addresses available on network " + networkId + ".");
    }

    /** DHCP takes the lowest, so that it does not sit on one that somebody is about to ask for. */
    private Optional<String> free(Tx tx, Port port, Subnet subnet, List<FixedIp> chosen) {
        Set<String> taken = new HashSet<>(ports.addressesOf(tx, subnet.id()));
        chosen.forEach(ip -> taken.add(ip.address()));
        boolean dhcp = port.device().owner().equals(Ports.DHCP);
        return dhcp ? Ipam.first(subnet.ranges(), taken) : Ipam.pick(subnet.ranges(), taken, random);
    }

    private void wished(Tx tx, Port port, List<Subnet> all, List<IpWish> wishes, List<FixedIp> chosen) {
        List<FixedIp> present = new ArrayList<>(port.fixedIps());
        List<@Nullable FixedIp> slots = new ArrayList<>(Collections.nCopies(wishes.size(), null));
        // Exact addresses first, so that a wish for any address does not take one of them.
        for (int i = 0; i < wishes.size(); i++) {
            if (wishes.get(i).address() != null) {
                FixedIp exact = exact(tx, port, all, wishes.get(i), present);
                slots.set(i, exact);
                present.remove(exact);
                chosen.add(exact);
            }
        }
        for (int i = 0; i < wishes.size(); i++) {
            String subnetId = wishes.get(i).subnetId();
            if (slots.get(i) == null && subnetId != null) {
                FixedIp ip = ofSubnet(tx, port, subnet(port, all, subnetId), present, chosen);
                slots.set(i, ip);
                present.remove(ip);
                chosen.add(ip);
            }
        }
        chosen.clear();
        for (FixedIp slot : slots) {
            if (slot != null && !chosen.contains(slot)) {
                chosen.add(slot);
            }
        }
    }

    private static Subnet subnet(Port port, List<Subnet> all, String subnetId) {
        return all.stream()
                .filter(s -> s.id().equals(subnetId))
                .findFirst()
                .orElseThrow(() -> NeutronFault.invalidInput("Failed to create port on network " + port.networkId()
                        + ", because fixed_ips included invalid subnet " + subnetId));
    }

    private FixedIp ofSubnet(Tx tx, Port port, Subnet subnet, List<FixedIp> present, List<FixedIp> chosen) {
        for (FixedIp ip : present) {
            if (ip.subnetId().equals(subnet.id())) {
                return ip;
            }
        }
        if (subnet.isAutoAddressed() && !port.device().owner().equals(ROUTER_INTERFACE)) {
            return new FixedIp(subnet.id(), Addresses.eui64(subnet.cidr(), port.mac()));
        }
        return new FixedIp(subnet.id(), free(tx, port, subnet, chosen).orElseThrow(() -> exhausted(port.networkId())));
    }

    private FixedIp exact(Tx tx, Port port, List<Subnet> all, IpWish wish, List<FixedIp> present) {
        String address = java.util.Objects.requireNonNull(wish.address());
        Subnet subnet;
        if (wish.subnetId() != null) {
            subnet = subnet(port, all, wish.subnetId());
            if (!isHost(subnet, address)) {
                throw NeutronFault.invalid(
                        "InvalidIpForSubnet", "IP address " + address + " is not a valid IP for the specified subnet.");
            }
        } else {
            subnet = all.stream()
                    .filter(s -> isHost(s, address))
                    .findFirst()
                    .orElseThrow(() -> NeutronFault.invalid(
                            "InvalidIpForNetwork",
                            "IP address " + address
                                    + " is not a valid IP for any of the subnets on the specified network."));
        }
        FixedIp ip = new FixedIp(subnet.id(), address);
        if (present.contains(ip)) {
            return ip;
        }
        boolean router = port.device().owner().equals(ROUTER_INTERFACE);
        if (subnet.isAutoAddressed() && !router && !address.equals(Addresses.eui64(subnet.cidr(), port.mac()))) {
            throw NeutronFault.invalidInput("IPv6 address " + address
                    + " can not be directly assigned to a port on subnet " + subnet.id()
                    + " as the subnet is configured for automatic addresses");
        }
        if (ports.isTaken(tx, port.networkId(), address)) {
            throw NeutronFault.conflict(
                    "IpAddressAlreadyAllocated",
                    "IP address " + address + " already allocated in subnet " + subnet.id());
        }
        return ip;
    }

    private static boolean isHost(Subnet subnet, String address) {
        if (!subnet.cidr().contains(address)) {
            return false;
        }
        BigInteger number = Addresses.number(address);
        return subnet.cidr().hosts().contains(number)
                || (subnet.version() == 6 && number.equals(subnet.cidr().first()));
    }
}
