/**
 * Tokens for programs by OAuth 2.0's client credentials grant (RFC 6749): an application credential's identifier and secret
 * are the client's, or a certificate and the user it is mapped to. API reference "OS-OAUTH2".
 */
@NullMarked
package io.nacre.keystone.oauth2;

import org.jspecify.annotations.NullMarked;
