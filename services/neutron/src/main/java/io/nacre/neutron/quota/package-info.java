/** How much of everything a project may have, counted exactly in the transaction that makes it. */
@NullMarked
package io.nacre.neutron.quota;

import org.jspecify.annotations.NullMarked;
