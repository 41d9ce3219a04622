/**
 * How controllers and agents reach each other: calls with an answer, casts without, and events for whoever listens.
 * {@code LocalBus} connects the parts of one process, {@code RabbitBus} many processes; both keep the same contract,
 * and in both every argument crosses as JSON, so that nothing works in one process that would fail between two.
 * {@link io.nacre.bus.Remote} puts a plain interface on top.
 *
 * <p>A call runs at most once; whoever repeats it after a timeout does so knowingly. A cast runs at least once. An
 * event may be missed, and is only ever a hint to look sooner. The request id travels along: it is taken from the
 * caller's MDC entry {@code request} and is set for the time in which a message is served.
 *
 * <p>Faults of the bus itself name no host or address, because they may reach a user; these stand in the cause.
 */
@NullMarked
package io.nacre.bus;

import org.jspecify.annotations.NullMarked;
