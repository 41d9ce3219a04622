package io.nacre.network;

import io.nacre.base.Fault;
import io.nacre.contracts.node.NetworkNode.Ref;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The latest removals and their generations, so that a declaration that was overtaken by one is known as late. Only
 * what is under way can be late, so they need not outlive the agent, nor be many.
 */
final class Removals {
    private static final int KEPT = 10_000;

    private final Map<String, Long> generations = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > KEPT;
        }
    };

    synchronized void note(Ref removal) {
        if (removal.generation() > 0) {
            generations.merge(removal.id(), removal.generation(), Math::max);
        }
    }

    synchronized void refuseOlder(String id, long generation) {
        if (generation < generations.getOrDefault(id, 0L)) {
            throw Fault.conflict(id + " was removed from this host since this was declared.");
        }
    }

    /** Whether the host has been told to have it again since. */
    static boolean isLate(Ref removal, long present) {
        return removal.generation() > 0 && removal.generation() < present;
    }
}
