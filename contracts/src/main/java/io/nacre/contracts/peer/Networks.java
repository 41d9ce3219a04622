package io.nacre.contracts.peer;

import io.nacre.base.Caller;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What neutron does for other services. */
public interface Networks {

    /**
     * Checks what a server create asks for and answers the networks and ports it comes to, before anything is made.
     * Without wishes: the caller's only network. Faults as nova tells them: {@code NotFound} for a network or port
     * that is not there, {@code Conflict} for a port in use or several possible networks.
     */
    List<Wish> resolve(Tx tx, Caller caller, List<Wish> wishes);

    /** Faults with {@code NotFound} that names the first security group, by name or id, that the caller has not. */
    void requireSecurityGroups(Tx tx, Caller caller, Collection<String> groups);

    /**
     * Makes the ports that are wanted and binds all of them to the server; in the order of the wishes. A repetition
     * for the same server finds what is there.
     */
    List<Port> allocate(Tx tx, Caller caller, Allocation allocation);

    /** Binds the server's ports to a host; null unbinds. */
    void bind(Tx tx, String serverId, @Nullable String host);

    /** Connects the server's ports on its host; answers when traffic flows. */
    List<ComputeNode.Vif> plug(String serverId, String host);

    /** Disconnects the server's ports on a host; none there is a success. */
    void unplug(String serverId, String host);

    /** Deletes the ports that were made for the server and frees those that the user brought. */
    void release(Tx tx, String serverId);

    /** Takes one port away from a server: deletes it when it was made for the server, frees it otherwise. */
    void releasePort(Tx tx, String serverId, String portId);

    /** The ports of servers, by server, in the order in which they were attached. */
    Map<String, List<Port>> ports(Tx tx, Collection<String> serverIds);

    /** Adds a security group, by name or id, to every port of a server, or takes it away. */
    void changeSecurityGroup(Tx tx, Caller caller, String serverId, String group, boolean add);

    /** The server whose port has this address on this network, for metadata. */
    Optional<String> serverAt(Tx tx, String networkId, String address);

    /**
     * One interface that is wanted.
     *
     * @param networkId null when a port is named
     * @param portId a port that exists already
     * @param fixedAddress null for any
     */
    record Wish(
            @Nullable String networkId,
            @Nullable String portId,
            @Nullable String fixedAddress,
            @Nullable String tag) {}

    /** @param securityGroups names or ids, for the ports that are made; empty for the project's default */
    record Allocation(
            String serverId, String hostname, String projectId, List<Wish> wishes, List<String> securityGroups) {}

    /** A port as a server shows it. */
    record Port(
            String id,
            String networkId,
            String networkName,
            String mac,
            String status,
            int mtu,
            boolean madeForServer,
            @Nullable String tag,
            List<Address> addresses,
            List<SecurityGroups.GroupName> securityGroups) {}

    /**
     * @param type fixed or floating
     * @param subnet null for a floating address
     */
    record Address(
            int version,
            String address,
            String type,
            @Nullable Subnet subnet) {}

    record Subnet(
            String id,
            String cidr,
            @Nullable String gateway,
            List<String> dnsServers,
            Map<String, String> routes,
            boolean dhcp) {}
}
