/**
 * Images as the API shows them: the record and its states, the routes, and what a patch may change. API reference "Images".
 */
@NullMarked
package io.nacre.glance.image;

import org.jspecify.annotations.NullMarked;
