/** Regions: places that endpoints are in. API reference "Regions". */
@NullMarked
package io.nacre.keystone.region;

import org.jspecify.annotations.NullMarked;
