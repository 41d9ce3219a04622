/** Regions, which may lie in one another. API reference "Regions". */
@NullMarked
package io.nacre.keystone.region;

import org.jspecify.annotations.NullMarked;
