/**
 * What is told to auditors and telemetry: every change and every login, as CADF events (or in keystone's basic form) in
 * the envelope of oslo.messaging. Which request is which event stands in {@link io.nacre.keystone.audit.Events}; the
 * routes themselves know nothing of it.
 */
@NullMarked
package io.nacre.keystone.audit;

import org.jspecify.annotations.NullMarked;
