/**
 * Nova's services as the API lists them. API reference "Compute services". A controller plays nova-scheduler and
 * nova-conductor, a host's agent plays nova-compute.
 */
@NullMarked
package io.nacre.nova.service;

import org.jspecify.annotations.NullMarked;
