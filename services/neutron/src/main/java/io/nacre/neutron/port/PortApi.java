package io.nacre.neutron.port;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.port.Port.AddressPair;
import io.nacre.neutron.port.Port.Binding;
import io.nacre.neutron.port.Port.Device;
import io.nacre.neutron.port.Port.DhcpOption;
import io.nacre.neutron.port.Port.Dns;
import io.nacre.neutron.port.Port.Protection;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.Standard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** API reference "Ports". */
public final class PortApi extends ResourceApi<Port> {
    private static final Set<String> NOT_DELETABLE =
            Set.of("network:router_interface", "network:router_gateway", "network:floatingip");

    private final Ports ports;
    private final Ids ids;

    public PortApi(Wiring wiring, Ports ports, Ids ids, String dnsDomain) {
        super(wiring, PortAttributes.of(ports.store(), dnsDomain), ports.store(), PortAttributes.RULES);
        this.ports = ports;
        this.ids = ids;
    }

    @Override
    protected Condition visible(Caller caller) {
        String project = caller.projectId();
        return project == null ? super.visible(caller) : ports.store().visibleTo(project);
    }

    @Override
    protected Map<String, @Nullable Object> parents(Tx tx, Input input) {
        Network network = ports.network(tx, input.text("network_id"));
        return Map.of(
                "network:project_id",
                network.projectId(),
                "network:tenant_id",
                network.projectId(),
                "shared",
                network.isSharedWith(input.text("project_id")));
    }

    @Override
    protected Map<String, @Nullable Object> parents(Port port) {
        return Map.of("network:project_id", port.networkProject(), "network:tenant_id", port.networkProject());
    }

    @Override
    protected Port create(Tx tx, Caller caller, Input input) {
        Network network = ports.network(tx, input.text("network_id"));
        String project = input.text("project_id");
        if (!caller.isAdmin() && !caller.hasRole("service") && !network.isUsableBy(caller.projectId())) {
            throw NeutronFault.missing("Network", network.id());
        }
        boolean security = input.bool("port_security_enabled", network.portSecurity());
        List<String> groups = input.has("security_groups") ? input.texts("security_groups", List.of()) : null;
        Binding binding = Ports.bound(
                new Binding(
                        "",
                        input.text("binding:vnic_type", "normal"),
                        "unbound",
                        Map.of(),
                        input.object("binding:profile", Map.of())),
                input.text("binding:host_id", ""));
        String deviceId = input.text("device_id", "");
        Port draft = new Port(
                Standard.fresh(ids.uuid(), project, input.text("description", ""), ports.now()),
                network.id(),
                network.projectId(),
                input.text("name", ""),
                input.text("mac_address", ""),
                input.bool("admin_state_up", true),
                "DOWN",
                new Device(deviceId, input.text("device_owner", ""), false, null, ports.now()),
                binding,
                new Protection(security, pairs(input.objects("allowed_address_pairs")), List.of()),
                new Dns(input.text("dns_name", ""), input.text("dns_domain", "")),
                options(input.objects("extra_dhcp_opts")),
                List.of());
        return ports.create(
                tx,
                draft,
                input.has("fixed_ips") ? IpWish.of(input.objects("fixed_ips")) : null,
                security || groups == null ? groups : requireNone(groups));
    }

    private static List<String> requireNone(List<String> groups) {
        if (!groups.isEmpty()) {
            throw NeutronFault.invalid(
                    "PortSecurityAndIPRequiredForSecurityGroups",
                    "Port security must be enabled and port must have an IP address in order to use security groups.");
        }
        return groups;
    }

    static List<AddressPair> pairs(List<Map<String, Object>> objects) {
        List<AddressPair> pairs = new ArrayList<>();
        Set<AddressPair> seen = new HashSet<>();
        for (Map<String, Object> object : objects) {
            AddressPair pair =
                    new AddressPair(Objects.toString(object.get("ip_address")), (String) object.get("mac_address"));
            if (!seen.add(pair)) {
                throw NeutronFault.invalid(
                        "DuplicateAddressPairInRequest",
                        "Request contains duplicate address pair: mac_address " + pair.mac() + " ip_address "
                                + pair.address() + ".");
            }
            pairs.add(pair);
        }
        return pairs;
    }

    static List<DhcpOption> options(List<Map<String, Object>> objects) {
        List<DhcpOption> options = new ArrayList<>();
        for (Map<String, Object> object : objects) {
            int version = object.get("ip_version") instanceof Integer number ? number : 4;
            String value = (String) object.get("opt_value");
            if (value != null) {
                options.add(new DhcpOption(Objects.toString(object.get("opt_name")), value, version));
            }
        }
        return options;
    }

    /** Options with a value replace those of the same name; one without takes it away. */
    private static List<DhcpOption> merge(List<DhcpOption> present, List<Map<String, Object>> objects) {
        List<DhcpOption> merged = new ArrayList<>(present);
        for (Map<String, Object> object : objects) {
            int version = object.get("ip_version") instanceof Integer number ? number : 4;
            merged.removeIf(o -> o.name().equals(object.get("opt_name")) && o.version() == version);
        }
        merged.addAll(options(objects));
        return merged;
    }

    @Override
    protected Port update(Tx tx, Caller caller, Port present, Input input) {
        Standard standard = present.standard()
                .changed(input.text("description", present.standard().description()), ports.now());
        Device device = present.device();
        String deviceId = input.text("device_id", device.id());
        boolean attached = !deviceId.equals(device.id());
        Binding old = present.binding();
        Binding binding = new Binding(
                old.host(),
                input.text("binding:vnic_type", old.vnicType()),
                old.vifType(),
                old.vifDetails(),
                input.object("binding:profile", old.profile()));
        String host = input.has("binding:host_id") ? input.text("binding:host_id", "") : old.host();
        boolean moved = !host.equals(old.host());
        Port changed = new Port(
                standard,
                present.networkId(),
                present.networkProject(),
                input.text("name", present.name()),
                input.text("mac_address", present.mac()),
                input.bool("admin_state_up", present.adminUp()),
                moved ? "DOWN" : present.status(),
                new Device(
                        deviceId,
                        input.text("device_owner", device.owner()),
                        device.madeForIt(),
                        attached ? null : device.tag(),
                        attached ? ports.now() : device.since()),
                moved ? Ports.bound(binding, host) : binding,
                protection(present, input),
                new Dns(
                        input.text("dns_name", present.dns().name()),
                        input.text("dns_domain", present.dns().domain())),
                input.has("extra_dhcp_opts")
                        ? merge(present.dhcpOptions(), input.objects("extra_dhcp_opts"))
                        : present.dhcpOptions(),
                present.fixedIps());
        return ports.update(
                tx, present, changed, input.has("fixed_ips") ? IpWish.of(input.objects("fixed_ips")) : null);
    }

    private static Protection protection(Port present, Input input) {
        Protection old = present.protection();
        boolean enabled = input.bool("port_security_enabled", old.enabled());
        List<String> groups = input.has("security_groups") ? input.texts("security_groups", List.of()) : old.groups();
        if (!enabled && !groups.isEmpty()) {
            throw input.has("security_groups")
                    ? NeutronFault.invalid(
                            "PortSecurityAndIPRequiredForSecurityGroups",
                            "Port security must be enabled and port must have an IP address in order to use security"
                                    + " groups.")
                    : NeutronFault.conflict(
                            "PortSecurityPortHasSecurityGroup",
                            "Port has security group associated. Cannot disable port security or IP address until"
                                    + " security group is removed.");
        }
        return new Protection(
                enabled,
                input.has("allowed_address_pairs") ? pairs(input.objects("allowed_address_pairs")) : old.pairs(),
                groups.stream().distinct().sorted().toList());
    }

    @Override
    protected void delete(Tx tx, Caller caller, Port present) {
        if (NOT_DELETABLE.contains(present.device().owner())
                && !present.device().id().isEmpty()) {
            throw inUse(present);
        }
        ports.delete(tx, present);
    }

    private static FaultException inUse(Port port) {
        return Fault.of(
                Fault.Kind.CONFLICT,
                "ServicePortInUse",
                "Port " + port.id() + " cannot be deleted directly via the port API: has device owner "
                        + port.device().owner() + ".");
    }
}
