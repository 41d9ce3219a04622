/** How much a project may have and has. API reference "Limits", "Quota sets" and "Quota class sets". The counts are kept exactly by kit/quota. */
@NullMarked
package io.nacre.nova.quotaset;

import org.jspecify.annotations.NullMarked;
