/**
 * What the services of one controller may ask of each other. A method with a {@link io.nacre.base.Tx} joins the
 * caller's transaction; a method without one reaches out to a node, must not be called inside a transaction, and may
 * be repeated.
 */
@NullMarked
package io.nacre.contracts.peer;

import org.jspecify.annotations.NullMarked;
