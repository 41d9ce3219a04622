/** Subnet pools: address blocks that subnets are cut from, so that no two of a pool overlap. */
@NullMarked
package io.nacre.neutron.subnetpool;

import org.jspecify.annotations.NullMarked;
