/** Availability zones, which aggregates make. API reference "Availability zones". */
@NullMarked
package io.nacre.nova.availabilityzone;

import org.jspecify.annotations.NullMarked;
