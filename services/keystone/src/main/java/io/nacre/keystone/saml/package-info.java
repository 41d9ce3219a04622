/**
 * Vouching for the users of this cloud before others (keystone to keystone): a token for a project becomes a signed SAML
 * assertion for a service provider. API reference "OS-FEDERATION", assertions. Documents are built node by node and never
 * parsed.
 */
@NullMarked
package io.nacre.keystone.saml;

import org.jspecify.annotations.NullMarked;
