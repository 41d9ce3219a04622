package io.nacre.contracts.peer;

import io.nacre.base.Tx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What placement does for other services. Resource classes and traits go by their standard names. */
public interface Placement {

    /** Makes or updates a provider with exactly these inventories, except for ratios that are initial; traits that others set on it stay. */
    void report(Tx tx, Provider provider);

    /** Forgets a provider; {@code Conflict} while something is allocated from it. */
    void forget(Tx tx, String providerId);

    /** Providers that could hold the request now, each with what it would be charged, in random but repeatable order. */
    List<Candidate> candidates(Tx tx, Query query);

    /** For the log and the operator: what is missing, when there is no candidate. */
    String shortage(Tx tx, Query query);

    /** Charges the consumer's allocations, replacing those it has; {@code Conflict} when a provider has not enough left. */
    void claim(Tx tx, Claim claim);

    /** Gives back all that a consumer holds; one that holds nothing is a success. */
    void release(Tx tx, String consumerId);

    /** What a consumer holds: provider to resource class to amount. */
    Map<String, Map<String, Long>> allocations(Tx tx, String consumerId);

    /** Used amount by resource class. */
    Map<String, Long> usage(Tx tx, String providerId);

    record Provider(String id, String name, Map<String, Inventory> inventories, Set<String> traits) {}

    /**
     * Units as placement has them: total minus reserved, times ratio, is what may be allocated.
     *
     * @param ratioIsInitial whether the ratio is only for an inventory that is new; one that is there keeps its own
     */
    record Inventory(
            long total,
            long reserved,
            long minUnit,
            long maxUnit,
            long stepSize,
            double allocationRatio,
            boolean ratioIsInitial) {}

    /** @param memberOf the provider must be in one aggregate of each set; empty for no condition */
    record Query(
            Map<String, Long> resources,
            Set<String> required,
            Set<String> forbidden,
            List<Set<String>> memberOf,
            @Nullable String inTree,
            int limit) {}

    record Candidate(String providerId, Map<String, Map<String, Long>> allocations) {}

    /** @param consumerType such as INSTANCE */
    record Claim(
            String consumerId,
            String projectId,
            String userId,
            String consumerType,
            Map<String, Map<String, Long>> allocations) {}
}
