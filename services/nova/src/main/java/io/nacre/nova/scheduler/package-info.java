/**
 * Which host a server goes to. Placement has already said which hosts have room; {@link
 * io.nacre.nova.scheduler.Scheduler} asks every filter about each of them and weighs those that are left. Nothing here
 * reads a table or a clock: the same question has the same answer.
 */
@NullMarked
package io.nacre.nova.scheduler;

import org.jspecify.annotations.NullMarked;
