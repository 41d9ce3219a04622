/**
 * What every other module may rely on: who is calling ({@link io.nacre.base.Caller}), what can go wrong
 * ({@link io.nacre.base.Fault}), how state changes ({@link io.nacre.base.Transactions}), and where time and
 * identifiers come from. Nothing here knows an OpenStack resource, a wire format or a database.
 */
@NullMarked
package io.nacre.base;

import org.jspecify.annotations.NullMarked;
