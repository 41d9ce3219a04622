package io.nacre.neutron.port;

import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.address.Addresses;
import io.nacre.neutron.address.Cidr;
import io.nacre.neutron.port.Port.DhcpOption;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Check;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;

/** The attributes of a port. */
final class PortAttributes {
    private static final String MEMBER_OR_SERVICE = NeutronPolicy.MEMBER + " or role:service";
    static final Guard.Rules RULES = new Guard.Rules(
            MEMBER_OR_SERVICE,
            NeutronPolicy.READER + " or role:service or " + NeutronPolicy.NETWORK_OWNER_READER,
            MEMBER_OR_SERVICE,
            MEMBER_OR_SERVICE + " or " + NeutronPolicy.NETWORK_OWNER_MEMBER);
    private static final String NETWORK = NeutronPolicy.NETWORK_MEMBER;
    private static final String NETWORK_OR_SHARED = NETWORK + " or " + NeutronPolicy.SHARED;
    private static final String OPERATOR = NeutronPolicy.ADMIN_OR_SERVICE;

    private static final Check FIXED_IPS =
            Checks.listOf(Checks.object(Map.of("subnet_id", Checks.UUID_TEXT, "ip_address", Checks.IP), Set.of()));
    private static final Check PAIR_ADDRESS = value -> {
        String text = Checks.text(value);
        Cidr cidr = Cidr.parse(text);
        if (cidr == null) {
            throw new Check.Refusal("'" + text + "' is neither a valid IP address, nor is it a valid IP subnet");
        }
        return text.contains("/") ? cidr.toString() : Addresses.canonical(text);
    };
    private static final Check PAIRS = Checks.listOrEmpty(
            Checks.object(Map.of("ip_address", PAIR_ADDRESS, "mac_address", Checks.MAC_ADDRESS), Set.of("ip_address")));
    private static final Check OPTIONS = Checks.listOrEmpty(Checks.object(
            Map.of(
                    "opt_name", Checks.filledString(64),
                    "opt_value", Checks.string(255).orNull(),
                    "ip_version", Checks.oneOf(4, 6)),
            Set.of("opt_name")));
    private static final Check DNS_LABEL = value -> {
        String text = value.isNull() ? "" : (String) Checks.string(63).accept(value);
        if (text != null && !text.isEmpty() && !text.matches("[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\\..*)?")) {
            throw new Check.Refusal("'" + text + "' not a valid PQDN or FQDN. Reason: Name '" + text
                    + "' must be 1-63 characters long, each of which can only be alphanumeric or a hyphen");
        }
        return text;
    };

    private PortAttributes() {}

    static Attributes<Port> of(PortStore store, String domain) {
        Attributes<Port> table = Attributes.of("port", "ports", store);
        basics(table, store);
        addressing(table, store, domain);
        binding(table, store);
        return table;
    }

    private static void basics(Attributes<Port> table, PortStore store) {
        table.add(Attribute.of("name", Port::name)
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.name))
                .add(Attribute.of("network_id", Port::networkId)
                        .check(Checks.UUID_TEXT)
                        .required()
                        .column(store.network))
                .add(Attribute.of("admin_state_up", Port::adminUp)
                        .check(Checks.BOOLEAN)
                        .create(true)
                        .update()
                        .column(store.adminUp))
                .add(Attribute.of("status", Port::status).column(store.status))
                .add(Attribute.of("device_id", (Port p) -> p.device().id())
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.deviceId))
                .add(Attribute.of("device_owner", (Port p) -> p.device().owner())
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .setRule("not " + NeutronPolicy.NETWORK_DEVICE + " or " + NETWORK)
                        .column(store.deviceOwner))
                .add(Attribute.of(
                                "port_security_enabled",
                                (Port p) -> p.protection().enabled())
                        .check(Checks.BOOLEAN)
                        .create()
                        .update()
                        .setRule(NETWORK)
                        .column(store.portSecurity))
                .add(Attribute.of("security_groups", (Port p) -> p.protection().groups())
                        .check(Checks.listOrEmpty(Checks.UUID_TEXT))
                        .create()
                        .update()
                        .filter(store::inAnyGroup))
                .add(Attribute.of("qos_policy_id", p -> null))
                .add(Attribute.of("qos_network_policy_id", p -> null))
                .add(Attribute.of("resource_request", p -> null))
                .add(Attribute.of("propagate_uplink_status", p -> false))
                .add(Attribute.of("ip_allocation", p -> "immediate"));
    }

    private static void addressing(Attributes<Port> table, PortStore store, String domain) {
        table.add(Attribute.of("mac_address", Port::mac)
                        .check(Checks.MAC_ADDRESS)
                        .create()
                        .update()
                        .createRule(NETWORK)
                        .updateRule(OPERATOR)
                        .column(store.mac))
                .add(Attribute.of("fixed_ips", PortAttributes::fixedIps)
                        .check(FIXED_IPS)
                        .create()
                        .update()
                        .setRule(NETWORK_OR_SHARED)
                        .memberRules(Map.of("ip_address", NETWORK, "subnet_id", NETWORK_OR_SHARED))
                        .filter(values -> byAddress(store, values)))
                .add(Attribute.of("allowed_address_pairs", PortAttributes::pairs)
                        .check(PAIRS)
                        .create(List.of())
                        .update()
                        .setRule(NeutronPolicy.ADMIN + " or " + NeutronPolicy.NETWORK_OWNER_MEMBER))
                .add(Attribute.of("extra_dhcp_opts", PortAttributes::options)
                        .check(OPTIONS)
                        .create(List.of())
                        .update())
                .add(Attribute.of("dns_name", (Port p) -> p.dns().name())
                        .check(DNS_LABEL)
                        .create("")
                        .update()
                        .column(store.dnsName))
                .add(Attribute.of("dns_domain", (Port p) -> p.dns().domain())
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.dnsDomain))
                .add(Attribute.of("dns_assignment", p -> assignment(p, domain)));
    }

    private static void binding(Attributes<Port> table, PortStore store) {
        table.add(Attribute.of("binding:host_id", (Port p) -> p.binding().host())
                        .check(value -> value.isNull() ? "" : Checks.string(255).accept(value))
                        .create("")
                        .update()
                        .setRule(OPERATOR)
                        .showRule(OPERATOR)
                        .column(store.host))
                .add(Attribute.of("binding:vnic_type", (Port p) -> p.binding().vnicType())
                        .check(Checks.oneOf(
                                "normal",
                                "direct",
                                "macvtap",
                                "baremetal",
                                "direct-physical",
                                "virtio-forwarder",
                                "smart-nic",
                                "vdpa",
                                "accelerator-direct",
                                "accelerator-direct-physical",
                                "remote-managed"))
                        .create("normal")
                        .update()
                        .column(store.vnicType))
                .add(Attribute.of("binding:vif_type", (Port p) -> p.binding().vifType())
                        .showRule(OPERATOR)
                        .column(store.vifType))
                .add(Attribute.of("binding:vif_details", (Port p) -> p.binding().vifDetails())
                        .showRule(OPERATOR))
                .add(Attribute.of("binding:profile", (Port p) -> p.binding().profile())
                        .check(value -> value.isNull() ? Map.of() : Checks.ANY_OBJECT.accept(value))
                        .create(Map.of())
                        .update()
                        .setRule(OPERATOR)
                        .showRule(OPERATOR));
    }

    private static Object fixedIps(Port port) {
        return port.fixedIps().stream()
                .map(ip -> Map.of("subnet_id", ip.subnetId(), "ip_address", ip.address()))
                .toList();
    }

    private static Object pairs(Port port) {
        return port.protection().pairs().stream()
                .map(pair -> Map.of(
                        "ip_address", pair.address(), "mac_address", pair.mac() == null ? port.mac() : pair.mac()))
                .toList();
    }

    private static Object options(Port port) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (DhcpOption option : port.dhcpOptions()) {
            shown.add(Map.of(
                    "opt_name",
                    option.name(),
                    "opt_value",
                    option.value() == null ? "" : option.value(),
                    "ip_version",
                    option.version()));
        }
        return shown;
    }

    /** The names under which DHCP's resolver knows the port: its own or one made from the address. */
    private static Object assignment(Port port, String domain) {
        List<Map<String, Object>> names = new ArrayList<>();
        for (String address : port.addresses()) {
            String own = port.dns().name();
            String host = own.isEmpty() ? Port.hostname(address) : own;
            names.add(Map.of("hostname", host, "ip_address", address, "fqdn", host + "." + domain));
        }
        return names;
    }

    /** {@code ip_address=A}, {@code subnet_id=S}, {@code ip_address_substr=P}; several of one kind are alternatives. */
    private static @Nullable Condition byAddress(PortStore store, List<String> values) {
        Set<String> addresses = new HashSet<>();
        Set<String> subnets = new HashSet<>();
        Set<String> parts = new HashSet<>();
        for (String value : values) {
            String[] words = value.split("=", 2);
            if (words.length != 2) {
                throw NeutronFault.invalidInput("'" + value + "' is not of the form <key>=[value]");
            }
            switch (words[0]) {
                case "ip_address" -> {
                    String canonical = Addresses.canonical(words[1]);
                    addresses.add(canonical == null ? words[1] : canonical);
                }
                case "subnet_id", "subnet" -> subnets.add(words[1]);
                case "ip_address_substr" -> parts.add(words[1]);
                default -> throw NeutronFault.invalidInput("Invalid filter " + words[0] + " for fixed_ips");
            }
        }
        return store.withAddress(addresses, subnets, parts);
    }
}
