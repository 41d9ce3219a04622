/**
 * Virtual machines by QEMU, without a layer in between: one process for each guest, spoken to over its QMP socket.
 *
 * <p>Each process leads a session of its own and belongs to nobody, so guests outlive the agent; a new agent finds them
 * by {@code guest.json}, the journal in each guest's directory, and connects again. The process and the files are the
 * truth, and nothing is kept in memory that could disagree: a guest without a process is shut down, one without a
 * process and with a file of saved memory is suspended, for all else QEMU is asked.
 *
 * <p>{@link io.nacre.compute.qemu.QemuDriver} is the place to start, {@link io.nacre.compute.qemu.QemuArguments} says
 * what hardware a guest gets.
 */
@NullMarked
package io.nacre.compute.qemu;

import org.jspecify.annotations.NullMarked;
