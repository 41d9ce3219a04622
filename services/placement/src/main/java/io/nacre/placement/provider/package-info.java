/** Resource providers: what has something to give, alone or in trees. API reference "Resource providers". */
@NullMarked
package io.nacre.placement.provider;

import org.jspecify.annotations.NullMarked;
