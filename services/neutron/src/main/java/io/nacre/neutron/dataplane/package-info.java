/**
 * Brings hosts to where the database wants them. {@link io.nacre.neutron.dataplane.Carriage} notices which changes
 * concern which hosts and marks them, {@link io.nacre.neutron.dataplane.Specs} computes what a host must be told from a
 * snapshot, and {@link io.nacre.neutron.dataplane.Pusher} tells it, outside of any transaction, again until it has it.
 */
@NullMarked
package io.nacre.neutron.dataplane;

import org.jspecify.annotations.NullMarked;
