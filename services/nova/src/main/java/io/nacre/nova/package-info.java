/**
 * Nova, the servers: API reference "Compute API", microversions 2.1 to 2.96.
 *
 * <p>{@link io.nacre.nova.Nova} lists the resources; each has a package of its own with its record, its route table
 * ({@code Api}) and its SQL ({@code Store}). What takes longer than a request is a saga in {@code server.action}.
 */
@NullMarked
package io.nacre.nova;

import org.jspecify.annotations.NullMarked;
