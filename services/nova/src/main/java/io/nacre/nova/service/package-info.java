/** The parts of nova with their hosts and heartbeats, as operators know them. API reference "Compute services". The scheduler and the
 * conductor are parts of the controller that answers. */
@NullMarked
package io.nacre.nova.service;

import org.jspecify.annotations.NullMarked;
