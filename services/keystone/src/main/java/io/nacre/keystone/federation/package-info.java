/**
 * Logging in on the word of an identity provider: {@link io.nacre.keystone.federation.FederatedLogin} makes a user and a
 * token of an assertion, {@link io.nacre.keystone.federation.OpenIdProvider} makes an assertion of an OpenID Connect
 * token. API reference "OS-FEDERATION", authentication.
 */
@NullMarked
package io.nacre.keystone.federation;

import org.jspecify.annotations.NullMarked;
