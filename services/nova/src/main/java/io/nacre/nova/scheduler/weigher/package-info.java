/** What makes one host better than another: each weigher gives a number, more is better. All are pure functions. */
@NullMarked
package io.nacre.nova.scheduler.weigher;

import org.jspecify.annotations.NullMarked;
