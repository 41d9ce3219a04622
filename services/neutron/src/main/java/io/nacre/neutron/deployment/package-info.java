/**
 * What each host must carry: networks, ports and routers. A change marks the rows it concerns in its own transaction;
 * {@code dataplane} brings the hosts there afterwards. A row's generation grows with every change and goes along to the
 * host, which ignores what is older than what it has.
 */
@NullMarked
package io.nacre.neutron.deployment;

import org.jspecify.annotations.NullMarked;
