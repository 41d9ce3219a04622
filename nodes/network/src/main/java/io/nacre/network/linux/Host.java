package io.nacre.network.linux;

import io.nacre.network.NetworkConfig;
import java.nio.file.Path;

/**
 * What all parts of the driver share.
 *
 * @param namespace name of the namespace that holds bridges and ports
 * @param runDirectory for files of running services, which lose their meaning at a reboot; readable for the
 *     unprivileged users that services run as, which a state directory is not
 */
record Host(NetworkConfig config, String namespace, Path runDirectory, Tools tools, Namespaces namespaces) {

    String dhcpNamespace(String networkId) {
        return dhcpPrefix() + networkId;
    }

    String dhcpPrefix() {
        return namespace + "-dhcp-";
    }

    String routerNamespace(String routerId) {
        return routerPrefix() + routerId;
    }

    String routerPrefix() {
        return namespace + "-router-";
    }
}
