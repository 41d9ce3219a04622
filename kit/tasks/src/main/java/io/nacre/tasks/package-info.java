/**
 * Durable tasks. A {@link io.nacre.tasks.Saga} is a declared list of steps, each with its undo beside it; starting
 * one writes a row in the caller's own transaction, and from then on it is carried to its end, here or by another
 * controller, whatever dies in between. A {@link io.nacre.tasks.Reconciler} keeps the world as it should be.
 *
 * <p>Every step must be safe to repeat: it may have run without its journal entry having been written.
 */
@NullMarked
package io.nacre.tasks;

import org.jspecify.annotations.NullMarked;
