package io.nacre.nova;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Networks;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** One network, 10.0.0.0/24, in memory. */
final class FakeNetworks implements Networks {
    static final String NETWORK = "6c928965-47ea-463f-acc8-6d4a152e9745";
    static final Subnet SUBNET = new Subnet(
            "81eb23d1-f0b7-4a5d-93ae-6ba7ba5ce9a6", "10.0.0.0/24", "10.0.0.1", List.of("9.9.9.9"), Map.of(), true);

    final FakeRows<List<Port>> ports = new FakeRows<>("ports", new TypeReference<List<Port>>() {});
    final FakeRows<String> bound = new FakeRows<>("bound", new TypeReference<String>() {});
    final Set<String> plugged = ConcurrentHashMap.newKeySet();
    private final Transactions transactions;
    private int last = 1;

    FakeNetworks(Transactions transactions) {
        this.transactions = transactions;
    }

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
        String id = allocation.serverId();
        List<Port> made = ports.all(tx)
                .getOrDefault(
                        id,
                        allocation.wishes().stream().map(wish -> port(id, wish)).toList());
        ports.put(tx, id, made);
        return made;
    }

    private Port port(String serverId, Wish wish) {
        last++;
        String address = wish.fixedAddress() == null ? "10.0.0." + last : wish.fixedAddress();
        return new Port(
                UUID.nameUUIDFromBytes((serverId + last).getBytes(StandardCharsets.UTF_8))
                        .toString(),
                NETWORK,
                "private",
                "fa:16:3e:00:00:%02x".formatted(last & 0xff),
                "ACTIVE",
                1450,
                true,
                wish.tag(),
                List.of(new Address(4, address, "fixed", SUBNET)),
                List.of(FakeSecurityGroups.DEFAULT));
    }

    @Override
    public synchronized void bind(Tx tx, String serverId, @Nullable String host) {
        bound.put(tx, serverId, String.valueOf(host));
    }

    @Override
    public synchronized List<ComputeNode.Vif> plug(String serverId, String host) {
        plugged.add(serverId + "@" + host);
        return transactions.read(tx -> ports.all(tx)).getOrDefault(serverId, List.of()).stream()
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
        ports.remove(tx, serverId);
        bound.remove(tx, serverId);
    }

    @Override
    public synchronized void releasePort(Tx tx, String serverId, String portId) {
        List<Port> left = ports.all(tx).getOrDefault(serverId, List.of()).stream()
                .filter(port -> !port.id().equals(portId))
                .toList();
        ports.put(tx, serverId, left);
    }

    @Override
    public synchronized Map<String, List<Port>> ports(Tx tx, Collection<String> serverIds) {
        Map<String, List<Port>> found = new LinkedHashMap<>();
        ports.all(tx).forEach((id, all) -> {
            if (serverIds.contains(id)) {
                found.put(id, all);
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
        return ports.all(tx).entrySet().stream()
                .filter(entry -> entry.getValue().stream()
                        .anyMatch(port -> port.networkId().equals(networkId)
                                && port.addresses().stream()
                                        .anyMatch(a -> a.address().equals(address))))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
