/** What every driver must do is in {@link io.nacre.network.NetworkContract}; each has a test class that runs it. */
@NullMarked
package io.nacre.network;

import org.jspecify.annotations.NullMarked;
