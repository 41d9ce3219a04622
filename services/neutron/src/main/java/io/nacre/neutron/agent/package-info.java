/**
 * Agents as clients of the API expect them. What reports is one node agent per host; the API shows the parts it plays:
 * layer 2, DHCP, metadata and routing.
 */
@NullMarked
package io.nacre.neutron.agent;

import org.jspecify.annotations.NullMarked;
