/**
 * Who else vouches for users, and by which protocols. API reference "OS-FEDERATION", identity providers and their
 * protocols.
 */
@NullMarked
package io.nacre.keystone.identityprovider;

import org.jspecify.annotations.NullMarked;
