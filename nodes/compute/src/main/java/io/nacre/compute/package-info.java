/**
 * Holds the guests of one host: serves {@link io.nacre.contracts.node.ComputeNode}.
 *
 * <p>{@link io.nacre.compute.Compute} is the place to start. It knows the contract and nothing of a hypervisor: one
 * command at a time for each guest, which command a state allows, images fetched before a guest is made, and news
 * of guests that changed by themselves. Everything that knows a technology is a
 * {@link io.nacre.compute.HypervisorDriver}: {@code qemu} runs virtual machines, {@code fake} only remembers them.
 *
 * <p>There is no database here. What an agent must know after a restart lies in a directory for each guest, written
 * by the driver before and after whatever it does to the world; what lies there without its last word was
 * interrupted and is removed.
 */
@NullMarked
package io.nacre.compute;

import org.jspecify.annotations.NullMarked;
