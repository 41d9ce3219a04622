/** The service catalog as a token carries it: enabled services with their enabled endpoints, places filled in. */
@NullMarked
package io.nacre.keystone.catalog;

import org.jspecify.annotations.NullMarked;
