/**
 * What this site offers: import methods and stores. API reference "Discovery".
 */
@NullMarked
package io.nacre.glance.info;

import org.jspecify.annotations.NullMarked;
