/** Host aggregates, some of which are availability zones. API reference "Host aggregates". */
@NullMarked
package io.nacre.nova.aggregate;

import org.jspecify.annotations.NullMarked;
