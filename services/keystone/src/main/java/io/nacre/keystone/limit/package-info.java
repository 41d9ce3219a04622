/**
 * How much of a service's resources everybody may use, and what projects and domains may use instead. API reference
 * "Unified limits".
 */
@NullMarked
package io.nacre.keystone.limit;

import org.jspecify.annotations.NullMarked;
