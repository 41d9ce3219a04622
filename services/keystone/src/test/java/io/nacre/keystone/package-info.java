/** The identity service, asked over HTTP on every database. */
@NullMarked
package io.nacre.keystone;

import org.jspecify.annotations.NullMarked;
