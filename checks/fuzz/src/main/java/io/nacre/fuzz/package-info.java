/** Fuzzing that follows the coverage of what it feeds (Jazzer): {@code ./nacre fuzz}. */
@NullMarked
package io.nacre.fuzz;

import org.jspecify.annotations.NullMarked;
