@NullMarked
package io.nacre.placement;

import org.jspecify.annotations.NullMarked;
