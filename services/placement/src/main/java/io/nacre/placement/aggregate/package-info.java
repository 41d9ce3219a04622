/** Which providers belong together, by aggregate identifier. API reference "Resource provider aggregates". */
@NullMarked
package io.nacre.placement.aggregate;

import org.jspecify.annotations.NullMarked;
