/**
 * The identity service, API v3. {@code Keystone} lists its resources; each package below is one resource with its
 * routes, its SQL and its tables. Tokens are in {@code token}, how one is got in {@code auth}, who has which role where
 * in {@code assignment}.
 */
@NullMarked
package io.nacre.keystone;

import org.jspecify.annotations.NullMarked;
