/**
 * Programs that act for a user without their password (OAuth 1.0, RFC 5849): a consumer asks for a request token, the user
 * authorizes it for some roles on a project, the consumer exchanges it for an access token and logs in by signing with
 * that. API reference "OS-OAUTH1". Secrets are sealed with the keys of credentials and leave their store for a signature
 * alone.
 */
@NullMarked
package io.nacre.keystone.oauth;

import org.jspecify.annotations.NullMarked;
