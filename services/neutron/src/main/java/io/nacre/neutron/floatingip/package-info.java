/**
 * Floating addresses: an address of an external network that a router translates to a port's fixed address. Each is held
 * by a port of its own on the external network, so that nobody else gets it.
 */
@NullMarked
package io.nacre.neutron.floatingip;

import org.jspecify.annotations.NullMarked;
