package io.nacre.nova.scheduler;

import io.nacre.nova.flavor.Flavor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a server needs of its host.
 *
 * @param zone null for any
 * @param host the only host that will do; null for any
 * @param node the only hypervisor that will do; null for any
 * @param excluded hosts that have already failed it
 * @param hints as its user sent them
 * @param group null when it belongs to no server group
 */
public record Wanted(
        Flavor flavor,
        Map<String, String> imageProperties,
        @Nullable String zone,
        @Nullable String host,
        @Nullable String node,
        Set<String> excluded,
        Map<String, Object> hints,
        @Nullable Group group) {

    /**
     * The server group's rule.
     *
     * @param policy affinity, anti-affinity, soft-affinity or soft-anti-affinity
     * @param maxPerHost how many members anti-affinity allows on a host
     * @param members host to the number of members on it
     */
    public record Group(String policy, int maxPerHost, Map<String, Integer> members) {}

    /** A hint's value as a list, for hints that may be one or many. */
    public List<String> hint(String name) {
        List<String> values = new ArrayList<>();
        switch (hints.get(name)) {
            case null -> {}
            case List<?> many -> many.forEach(one -> values.add(String.valueOf(one)));
            case Object one -> values.add(one.toString());
        }
        return values;
    }
}
