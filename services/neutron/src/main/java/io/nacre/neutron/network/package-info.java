/**
 * Networks: a broadcast domain with a segment of its own, a VXLAN identifier for projects' networks, a physical network
 * for external ones. Who else may use a network is kept as RBAC entries; {@code shared} and {@code router:external} are
 * views of them.
 */
@NullMarked
package io.nacre.neutron.network;

import org.jspecify.annotations.NullMarked;
