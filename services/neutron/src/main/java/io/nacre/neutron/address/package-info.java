/** Internet addresses as numbers: networks, ranges, and which address a port gets. No state, no SQL. */
@NullMarked
package io.nacre.neutron.address;

import org.jspecify.annotations.NullMarked;
