/**
 * A hypervisor that only remembers its guests. It keeps the whole contract, also across restarts, and can be made
 * slow, made to fail or told to lose a guest, so that everything above it can be tested without a machine that
 * boots. Thousands of its guests fit on one host.
 */
@NullMarked
package io.nacre.compute.fake;

import org.jspecify.annotations.NullMarked;
