/**
 * Programs that measure. Each has a {@code main}, prints its figures, and says what it did to come by them.
 */
@NullMarked
package io.nacre.benchmarks;

import org.jspecify.annotations.NullMarked;
