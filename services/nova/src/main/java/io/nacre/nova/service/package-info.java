/** The parts of nova with their hosts and heartbeats, as operators know them. API reference "Compute services". The scheduler and the
 * conductor are parts of every controller, which says in the database that it is there; nova-compute stands for a host.
 */
@NullMarked
package io.nacre.nova.service;

import org.jspecify.annotations.NullMarked;
