/**
 * What has been done to a server, by whom, and how it went: API reference "Servers actions". Nothing is written for
 * it: the journal of the server's tasks is the record, one action a request, one event a step.
 */
@NullMarked
package io.nacre.nova.instanceaction;

import org.jspecify.annotations.NullMarked;
