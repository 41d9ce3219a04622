/** Traits: qualities that a provider has or has not. API reference "Traits" and "Resource provider traits". */
@NullMarked
package io.nacre.placement.trait;

import org.jspecify.annotations.NullMarked;
