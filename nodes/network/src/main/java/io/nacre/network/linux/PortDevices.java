package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.PortSpec;
import io.nacre.network.DeviceNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The devices guests are connected to. */
final class PortDevices {
    /** Before a port's identifier in the alias of its device. */
    static final String ALIAS = "port:";

    private final Host host;

    PortDevices(Host host) {
        this.host = host;
    }

    /** Lines that make the device as declared, on its bridge. Its filter has to be there before. */
    List<String> lines(PortSpec port, String bridge, @Nullable Link there) {
        List<String> lines = new ArrayList<>();
        String device = DeviceNames.port(port.id());
        if (there == null) {
            lines.add(create(port, device));
        }
        String alias = ALIAS + port.id();
        boolean same = there != null
                && there.mtu() == port.mtu()
                && there.up() == port.up()
                && there.alias().equals(alias)
                && Objects.equals(there.master(), bridge);
        if (!same) {
            String state = port.up() ? " up" : " down";
            lines.add(
                    "link set dev " + device + " mtu " + port.mtu() + " alias " + alias + " master " + bridge + state);
        }
        return lines;
    }

    private String create(PortSpec port, String device) {
        return switch (host.config().portDevice()) {
            case TAP -> "tuntap add dev " + device + " mode tap";
            case VETH ->
                "link add " + device + " mtu " + port.mtu() + " type veth peer name " + DeviceNames.guestEnd(port.id())
                        + " mtu " + port.mtu() + " address " + port.mac();
        };
    }
}
