/** The filters, one rule each, under the names that operators know from the original. All are pure functions. */
@NullMarked
package io.nacre.nova.scheduler.filter;

import org.jspecify.annotations.NullMarked;
