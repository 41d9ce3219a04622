package io.nacre.neutron;

import io.nacre.config.Doc;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the Networking service behaves. */
@Doc("The Networking service.")
public record NeutronConfig(
        @Doc("Smallest VXLAN network identifier that is given to a project's network.")
        int vniMin,

        @Doc("Largest VXLAN network identifier that is given to a project's network.")
        int vniMax,

        @Doc("MTU of the physical network. VXLAN networks get 50 bytes less.")
        int globalPhysnetMtu,

        @Doc("Physical networks that flat networks can be made on.")
        List<String> flatNetworks,

        @Doc("Domain that guests get by DHCP and that port names are completed with.")
        String dnsDomain,

        @Doc("Zone that agents are listed in.") String availabilityZone,

        @Doc("How long an agent counts as alive after its last report.")
        Duration agentDownTime,

        @Doc("Quotas by resource for projects without their own; -1 is unlimited.")
        Map<String, Integer> quotas) {

    public static NeutronConfig defaults() {
        return new NeutronConfig(
                1, 16_000_000, 1500, List.of("public"), "openstacklocal.", "nova", Duration.ofSeconds(75), Map.of());
    }

    /** The largest packet of a network of this kind. */
    public int mtu(String networkType) {
        return networkType.equals("vxlan") ? globalPhysnetMtu - 50 : globalPhysnetMtu;
    }
}
