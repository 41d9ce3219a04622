/**
 * Programs that measure. Each has a {@code main}, prints a table, and says what it did to come by its figures; a
 * figure that may not get worse has a bar in the table.
 */
@NullMarked
package io.nacre.benchmarks;

import org.jspecify.annotations.NullMarked;
