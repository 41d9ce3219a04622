/**
 * Routers: what connects subnets with each other and with an external network. A router lives on one host, which is
 * chosen when it first has something to connect.
 */
@NullMarked
package io.nacre.neutron.router;

import org.jspecify.annotations.NullMarked;
