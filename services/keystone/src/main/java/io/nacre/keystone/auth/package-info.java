/**
 * From who somebody says to be to a token, and back. {@code Login} is the way in: {@code AuthRequest} is what was asked,
 * each method proves a part of it, the scope is looked up, and a token is written. {@link
 * io.nacre.keystone.auth.Authorizations} tells what a token stands for now, from the database; {@link
 * io.nacre.keystone.auth.ValidTokens} remembers that for as long as nothing has changed, so that checking a token
 * costs no query. API reference "Authentication and token management".
 */
@NullMarked
package io.nacre.keystone.auth;

import org.jspecify.annotations.NullMarked;
