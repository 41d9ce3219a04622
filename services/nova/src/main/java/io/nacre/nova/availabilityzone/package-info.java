/** The zones that users choose hosts by. API reference "Availability zones". */
@NullMarked
package io.nacre.nova.availabilityzone;

import org.jspecify.annotations.NullMarked;
