/**
 * The search for providers that can hold a request. API reference "Allocation candidates". {@link
 * io.nacre.placement.candidate.Snapshot} is all there is at one moment; {@code CandidateSearch} is a pure function of
 * it and of a query.
 */
@NullMarked
package io.nacre.placement.candidate;

import org.jspecify.annotations.NullMarked;
