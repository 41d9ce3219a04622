package io.nacre.nova;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Networks;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One network, 10.0.0.0/24, in memory. */
final class FakeNetworks implements Networks {
    static final String NETWORK = "6c928965-47ea-463f-acc8-6d4a152e9745";
    static final Subnet SUBNET = new Subnet(
            "81eb23d1-f0b7-4a5d-93ae-6ba7ba5ce9a6", "10.0.0.0/24", "10.0.0.1", List.of("9.9.9.9"), Map.of(), true);

    final Map<String, List<Port>> ports = new LinkedHashMap<>();
    final Map<String, String> hosts = new LinkedHashMap<>();
    final Set<String> plugged = new TreeSet<>();
    private int last = 1;

    @Override
    public synchronized List<Wish> resolve(Tx tx, Caller caller, List<Wish> wishes) {
        for (Wish wish : wishes) {
            if (wish.networkId() != null && !wish.networkId().equals(NETWORK)) {
                throw Fault.notFound("Network " + wish.networkId() + " could not be found.");
            }
        }
        return wishes.isEmpty() ? List.of(new Wish(NETWORK, null, null, null)) : wishes;
    }

    @Override
    public void requireSecurityGroups(Tx tx, Caller caller, Collection<String> groups) {
        groups.stream().filter(group -> !group.equals("default")).findFirst().ifPresent(group -> {
            throw Fault.notFound("Security group " + group + " not found.");
        });
    }

    @Override
    public synchronized List<Port> allocate(Tx tx, Caller caller, Allocation allocation) {
        return ports.computeIfAbsent(allocation.serverId(), id -> {
            List<Port> made = new ArrayList<>();
            allocation.wishes().forEach(wish -> {
                last++;
                String address = wish.fixedAddress() == null ? "10.0.0." + last : wish.fixedAddress();
                made.add(new Port(
                        UUID.nameUUIDFromBytes((id + last).getBytes(java.nio.charset.StandardCharsets.UTF_8))
                                .toString(),
                        NETWORK,
                        "private",
                        "fa:16:3e:00:00:%02x".formatted(last),
                        "ACTIVE",
                        1450,
                        true,
                        wish.tag(),
                        List.of(new Address(4, address, "fixed", SUBNET)),
                        List.of("default")));
            });
            return made;
        });
    }

    @Override
    public synchronized void bind(Tx tx, String serverId, @Nullable String host) {
        hosts.put(serverId, String.valueOf(host));
    }

    @Override
    public synchronized List<ComputeNode.Vif> plug(String serverId, String host) {
        plugged.add(serverId + "@" + host);
        return ports.getOrDefault(serverId, List.of()).stream()
                .map(port -> new ComputeNode.Vif(
                        port.id(), port.mac(), "tap" + port.id().substring(0, 11), null, port.mtu(), "virtio"))
                .toList();
    }

    @Override
    public synchronized void unplug(String serverId, String host) {
        plugged.remove(serverId + "@" + host);
    }

    @Override
    public synchronized void release(Tx tx, String serverId) {
        ports.remove(serverId);
        hosts.remove(serverId);
    }

    @Override
    public synchronized void releasePort(Tx tx, String serverId, String portId) {
        ports.computeIfPresent(
                serverId,
                (id, all) -> all.stream().filter(p -> !p.id().equals(portId)).toList());
    }

    @Override
    public synchronized Map<String, List<Port>> ports(Tx tx, Collection<String> serverIds) {
        Map<String, List<Port>> found = new LinkedHashMap<>();
        serverIds.forEach(id -> {
            if (ports.containsKey(id)) {
                found.put(id, ports.get(id));
            }
        });
        return found;
    }

    @Override
    public void changeSecurityGroup(Tx tx, Caller caller, String serverId, String group, boolean add) {
        requireSecurityGroups(tx, caller, List.of(group));
    }

    @Override
    public synchronized Optional<String> serverAt(Tx tx, String networkId, String address) {
        return ports.entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(port -> port.networkId().equals(networkId)
                                && port.addresses().stream()
                                        .anyMatch(a -> a.address().equals(address))))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
