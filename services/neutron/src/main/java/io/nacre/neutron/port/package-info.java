/**
 * Ports: the ends of a network, each with a MAC address, addresses from the network's subnets, the security groups that
 * guard it, and the host it is bound to.
 */
@NullMarked
package io.nacre.neutron.port;

import org.jspecify.annotations.NullMarked;
