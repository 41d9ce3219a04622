/**
 * The JSON schemas that the API tells of itself. API reference "Image schemas".
 */
@NullMarked
package io.nacre.glance.schema;

import org.jspecify.annotations.NullMarked;
