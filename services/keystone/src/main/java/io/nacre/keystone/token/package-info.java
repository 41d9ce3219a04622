/**
 * Tokens. A Nacre token is a Fernet token exactly as the original's, so that both programs could share a directory of
 * keys: {@code TokenFormat} is the msgpack payload inside; or a signed one, {@code JwsFormat}. A token is never stored; what it says is in it, what has been taken back is in the revocation events.
 */
@NullMarked
package io.nacre.keystone.token;

import org.jspecify.annotations.NullMarked;
