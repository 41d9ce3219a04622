/**
 * Durable tasks. A {@link io.nacre.tasks.Saga} is a declared list of steps, each with its undo beside it; starting
 * one writes a row in the caller's own transaction, and from then on it is carried to its end, here or by another
 * controller, whatever dies in between. A {@link io.nacre.tasks.Reconciler} keeps the world as it should be.
 *
 * <p>Every step and every undo must be safe to repeat: it may have run without its journal entry having been written.
 * An undo must also cope with a step that did nothing or only half: the undo of the failed step itself runs first.
 *
 * <p>Inside: {@link io.nacre.tasks.TaskEngine} starts and dispatches, {@code TaskRun} is one task in the hands of this
 * controller, {@code Journal} writes each of its moves in one transaction, {@code Recovery} says that this controller
 * is alive and takes up what nobody works on, {@code Rounds} runs the reconcilers. Who may write is decided by the
 * row alone: each move confirms owner and version first, so a controller that was presumed dead finds out before it
 * can do harm. The tables are in {@code db/tasks}.
 */
@NullMarked
package io.nacre.tasks;

import org.jspecify.annotations.NullMarked;
