/** Resource classes: kinds of what can be given away, standard or custom. API reference "Resource Classes". */
@NullMarked
package io.nacre.placement.resourceclass;

import org.jspecify.annotations.NullMarked;
