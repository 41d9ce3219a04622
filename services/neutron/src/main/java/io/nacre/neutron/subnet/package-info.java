/** Subnets: a block of addresses on a network, the pools that ports get theirs from, and what DHCP tells guests. */
@NullMarked
package io.nacre.neutron.subnet;

import org.jspecify.annotations.NullMarked;
