/**
 * How controllers and agents reach each other: calls with an answer, casts without, and events for whoever listens.
 * {@code LocalBus} connects the parts of one process, {@code RabbitBus} many processes; both keep the same contract,
 * and in both every argument crosses as JSON. {@code Remote} puts a plain interface on top.
 */
@NullMarked
package io.nacre.bus;

import org.jspecify.annotations.NullMarked;
