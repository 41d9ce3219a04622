/**
 * The Networking API v2.0 of OpenStack 2024.1. {@link io.nacre.neutron.Neutron} lists the resources, one package each;
 * {@code resource} holds what they have in common; {@code deployment} writes down what each host must carry, in the
 * transaction of the change, and {@code dataplane} tells the hosts, outside of it and until they have it.
 */
@NullMarked
package io.nacre.neutron;

import org.jspecify.annotations.NullMarked;
