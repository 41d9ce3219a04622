/** Key pairs: what a user logs in to servers with. API reference "Keypairs". They belong to a user, not to a project. */
@NullMarked
package io.nacre.nova.keypair;

import org.jspecify.annotations.NullMarked;
