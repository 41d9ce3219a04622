package io.nacre.neutron.network;

import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronConfig;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.network.Network.Segment;
import io.nacre.neutron.quota.ProjectQuotas;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.Standard;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Making, changing and removing networks. */
public final class Networks {
    private static final int MINIMUM_MTU = 68;

    /**
     * What else happens when a network changes or goes: the ports it still has, the hosts that carry it. Told in the
     * transaction of the change.
     */
    public interface Listener {
        void changed(Tx tx, Network network);

        /** Takes back what was made along with the network; faults with CONFLICT when somebody still uses it. */
        void deleting(Tx tx, Network network);

        /** Faults with CONFLICT when projects other than these use it. */
        void unsharing(Tx tx, Network network, Set<String> allowed);
    }

    private final NetworkStore networks;
    private final SegmentStore segments;
    private final ProjectQuotas quotas;
    private final NeutronConfig config;
    private final Ids ids;
    private final InstantSource clock;
    private final List<Listener> listeners = new ArrayList<>();

    public Networks(
            NetworkStore networks,
            SegmentStore segments,
            ProjectQuotas quotas,
            NeutronConfig config,
            Ids ids,
            InstantSource clock) {
        this.networks = networks;
        this.segments = segments;
        this.quotas = quotas;
        this.config = config;
        this.ids = ids;
        this.clock = clock;
    }

    public void tell(Listener listener) {
        listeners.add(listener);
    }

    public NetworkStore store() {
        return networks;
    }

    /** Faults with CONFLICT when a project uses the network that may not once this permission is gone. */
    public void requireWithdrawable(Tx tx, String networkId, String target) {
        Network network = networks.require(tx, networkId);
        Set<String> allowed = new HashSet<>(network.sharedWith());
        allowed.remove(target);
        allowed.add(network.projectId());
        if (!allowed.contains(ShareStore.EVERYBODY)) {
            listeners.forEach(listener -> listener.unsharing(tx, network, allowed));
        }
    }

    Network create(Tx tx, String id, Input input) {
        String project = input.text("project_id");
        quotas.take(tx, project, "network");
        Segment segment = segment(tx, id, input);
        boolean external = input.bool("router:external", false);
        boolean isDefault = input.bool("is_default", false);
        if (isDefault && !external) {
            throw NeutronFault.invalidInput("Only an external network can be the default one");
        }
        Network network = new Network(
                Standard.fresh(id, project, input.text("description", ""), clock.instant()),
                input.text("name"),
                input.bool("admin_state_up", true),
                mtu(input.integer("mtu", 0), segment),
                external,
                isDefault,
                input.bool("port_security_enabled", true),
                segment,
                input.text("dns_domain", ""),
                input.texts("availability_zone_hints", List.of()),
                Set.of(),
                List.of());
        requireOneDefault(tx, network);
        networks.insert(tx, network);
        if (input.bool("shared", false)) {
            networks.shares().shareWithAll(tx, network, ids.uuid(), clock.instant());
        }
        return network;
    }

    Network update(Tx tx, Network present, Input input) {
        Network changed = new Network(
                present.standard()
                        .changed(input.text("description", present.standard().description()), clock.instant()),
                input.text("name", present.name()),
                input.bool("admin_state_up", present.adminUp()),
                input.has("mtu") ? mtu(input.integer("mtu", 0), present.segment()) : present.mtu(),
                input.bool("router:external", present.external()),
                input.bool("is_default", present.isDefault()),
                input.bool("port_security_enabled", present.portSecurity()),
                present.segment(),
                input.text("dns_domain", present.dnsDomain()),
                present.zoneHints(),
                present.sharedWith(),
                present.subnets());
        requireOneDefault(tx, changed);
        if (input.has("shared")) {
            share(tx, present, input.bool("shared", false));
        }
        networks.update(tx, changed);
        listeners.forEach(listener -> listener.changed(tx, changed));
        return changed;
    }

    private void share(Tx tx, Network network, boolean shared) {
        if (shared) {
            networks.shares().shareWithAll(tx, network, ids.uuid(), clock.instant());
        } else if (network.isSharedWith(null)) {
            Set<String> allowed = new HashSet<>(network.sharedWith());
            allowed.remove(ShareStore.EVERYBODY);
            allowed.add(network.projectId());
            listeners.forEach(listener -> listener.unsharing(tx, network, allowed));
            networks.shares().unshareWithAll(tx, network.id());
        }
    }

    void delete(Tx tx, Network network) {
        listeners.forEach(listener -> listener.deleting(tx, network));
        segments.release(tx, network.id());
        networks.delete(tx, network);
        quotas.give(tx, network.projectId(), "network");
    }

    private void requireOneDefault(Tx tx, Network network) {
        if (network.isDefault()
                && networks.count(
                                tx,
                                networks.isDefault.isTrue().and(networks.id().ne(network.id())))
                        > 0) {
            throw NeutronFault.conflict("DefaultExternalNetworkExists", "A default external network already exists.");
        }
    }

    private int mtu(int wanted, Segment segment) {
        int largest = config.mtu(segment.type());
        if (wanted == 0) {
            return largest;
        }
        if (wanted < MINIMUM_MTU) {
            throw NeutronFault.invalid(
                    "InvalidMtu", "Invalid MTU: " + wanted + ", it must be at least " + MINIMUM_MTU + ".");
        }
        if (wanted > largest) {
            throw NeutronFault.invalidInput("Requested MTU is too big, maximum is " + largest);
        }
        return wanted;
    }

    private Segment segment(Tx tx, String id, Input input) {
        @Nullable String type = input.textOrNull("provider:network_type");
        @Nullable String physical = input.textOrNull("provider:physical_network");
        @Nullable Integer number = input.integer("provider:segmentation_id");
        if (type == null) {
            if (physical != null || number != null) {
                throw NeutronFault.invalidInput("network_type required");
            }
            type = "vxlan";
        }
        switch (type) {
            case "vxlan" -> requireAbsent("physical_network", type, physical);
            case "flat" -> {
                requireAbsent("segmentation_id", type, number);
                requirePhysical(physical);
            }
            case "local" -> {
                requireAbsent("segmentation_id", type, number);
                requireAbsent("physical_network", type, physical);
                return new Segment(type, null, null);
            }
            default -> throw NeutronFault.invalidInput("network_type value '" + type + "' not supported");
        }
        if (type.equals("vxlan") && number == null) {
            return new Segment(
                    type, null, segments.allocate(tx, type, config.vniMin(), config.vniMax(), id, ids.random()));
        }
        if (number != null && (number < 1 || number > 0xffffff)) {
            throw NeutronFault.invalidInput("segmentation_id out of range (1 through 16777215)");
        }
        Segment segment = new Segment(type, physical, number);
        segments.claim(tx, segment, id);
        return segment;
    }

    private void requirePhysical(@Nullable String physical) {
        if (physical == null) {
            throw NeutronFault.invalidInput("physical_network required for flat provider network");
        }
        if (!config.flatNetworks().contains("*") && !config.flatNetworks().contains(physical)) {
            throw NeutronFault.invalidInput("physical_network '" + physical + "' unknown for flat provider network");
        }
    }

    private static void requireAbsent(String name, String type, @Nullable Object value) {
        if (value != null) {
            throw NeutronFault.invalidInput(name + " specified for " + type + " provider network");
        }
    }
}
