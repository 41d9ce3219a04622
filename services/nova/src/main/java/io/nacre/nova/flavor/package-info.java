/**
 * Flavors: the sizes a server can have. API reference "Flavors", "Flavors access" and "Flavors extra-specs". A server
 * keeps a copy of the flavor it was made with, so a flavor can be deleted at any time.
 */
@NullMarked
package io.nacre.nova.flavor;

import org.jspecify.annotations.NullMarked;
