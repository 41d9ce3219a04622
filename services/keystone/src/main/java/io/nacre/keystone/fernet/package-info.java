/**
 * Fernet: sealing short messages under keys that rotate. {@code Fernet} is the format, {@code KeyRepository} the
 * directory of key files. Tokens are sealed with one repository, the secrets of credentials with another.
 */
@NullMarked
package io.nacre.keystone.fernet;

import org.jspecify.annotations.NullMarked;
