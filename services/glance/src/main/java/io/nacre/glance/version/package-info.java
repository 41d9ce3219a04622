/**
 * The version documents. API reference "API versions".
 */
@NullMarked
package io.nacre.glance.version;

import org.jspecify.annotations.NullMarked;
