/**
 * Users of a SAML identity provider: those whom a browser or a client of their own brings, and those of another cloud
 * (keystone to keystone). {@link io.nacre.keystone.saml.consumer.TrustedAssertion} is what is left of a document when
 * nothing in it is believed but what is signed. API reference "OS-FEDERATION", authentication.
 */
@NullMarked
package io.nacre.keystone.saml.consumer;

import org.jspecify.annotations.NullMarked;
