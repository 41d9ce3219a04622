/**
 * Tokens. A Nacre token is a Fernet token exactly as the original's: {@code Fernet} is the envelope, {@code
 * TokenFormat} the msgpack payload inside, {@code KeyRepository} the directory of key files that both programs could
 * share. A token is never stored; what it says is in it, what has been taken back is in the revocation events.
 */
@NullMarked
package io.nacre.keystone.token;

import org.jspecify.annotations.NullMarked;
