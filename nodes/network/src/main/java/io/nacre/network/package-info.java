/**
 * The data plane of one host: what {@code NetworkNode} declares is made real here by a {@link
 * io.nacre.network.DataPlaneDriver}. {@link io.nacre.network.Network} is the place to start; it knows nothing of any
 * technology. It refuses what is malformed, ignores what is older than what is in place, keeps one declaration of
 * each network, port and router in a {@link io.nacre.network.Journal}, and lets only one command at a time touch
 * the same thing.
 *
 * <p>A declaration is journalled before the driver acts on it. An agent that dies in between finds it there at its
 * next start and brings it to its end, as it does after a reboot of the host, when the journal is all that is left.
 */
@NullMarked
package io.nacre.network;

import org.jspecify.annotations.NullMarked;
