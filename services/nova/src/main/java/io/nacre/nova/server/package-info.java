/**
 * Servers. API reference "Servers", "Server metadata", "Server tags", "Servers IPs". {@link
 * io.nacre.nova.server.ServerState} says which action is allowed when; what an action does stands in {@code action}.
 * Every change of a row moves its generation on and is refused when somebody else was faster.
 */
@NullMarked
package io.nacre.nova.server;

import org.jspecify.annotations.NullMarked;
