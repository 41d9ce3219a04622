/**
 * The hosts that hold guests. An agent's heartbeat makes a host known and tells what it has; placement is told the
 * same as inventories in the same transaction. {@code os-services} and {@code os-hypervisors} show what stands here.
 */
@NullMarked
package io.nacre.nova.host;

import org.jspecify.annotations.NullMarked;
