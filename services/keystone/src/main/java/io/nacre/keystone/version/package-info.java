/** What versions of the API there are. API reference "API versions". */
@NullMarked
package io.nacre.keystone.version;

import org.jspecify.annotations.NullMarked;
