package io.nacre.quota;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the projects of one service may use, and do use.
 *
 * <p>Reserve in the transaction that creates the resource, release in the one that deletes it: then the count is
 * always right, and two requests can never both take the last piece. Reserve early in the closure, because everybody
 * in the project wants the same row and who loses the race starts over.
 */
public final class Quotas {
    /** Where the tables come from, for {@code Database.open}. */
    public static final String MIGRATIONS = "db/quota";

    public static final long UNLIMITED = -1;

    private static final Logger LOG = LoggerFactory.getLogger(Quotas.class);
    /** Stands for every project without a limit of its own. */
    private static final String ALL = "";
    /** The class of quotas that holds for all projects without limits of their own; the others only remember. */
    private static final String DEFAULT_CLASS = "default";

    private final String service;
    private final Map<String, Long> configured;
    private final QuotaStore store;

    /** How much of a resource is in use, of how much. */
    public record Usage(long used, long limit) {}

    /**
     * @param service such as nova
     * @param configured every resource with its limit from the configuration, -1 for none
     */
    public Quotas(String service, Map<String, Long> configured) {
        this.service = service;
        this.configured = new LinkedHashMap<>(configured);
        this.store = new QuotaStore(service);
    }

    public Set<String> resources() {
        return Set.copyOf(configured.keySet());
    }

    /** The limits of a project without limits of its own. */
    public Map<String, Long> defaults(Tx tx) {
        return limits(tx, ALL);
    }

    /** The limits that hold for a project: its own, else the default class's, else the configured ones. */
    public Map<String, Long> limits(Tx tx, String project) {
        Map<String, Map<String, Long>> set = store.limits(tx, project.equals(ALL) ? Set.of(ALL) : Set.of(ALL, project));
        Map<String, Long> limits = new LinkedHashMap<>(configured);
        overlay(limits, set.getOrDefault(ALL, Map.of()));
        overlay(limits, set.getOrDefault(project, Map.of()));
        return limits;
    }

    /** The projects with limits of their own. */
    public List<String> overridden(Tx tx) {
        return store.projects(tx).stream()
                .filter(project -> !project.equals(ALL))
                .toList();
    }

    /** Only what was set for this project. */
    public Map<String, Long> overrides(Tx tx, String project) {
        Map<String, Long> limits = store.limits(tx, Set.of(project)).getOrDefault(project, Map.of());
        Map<String, Long> known = new LinkedHashMap<>(limits);
        known.keySet().retainAll(configured.keySet());
        return known;
    }

    public void setLimit(Tx tx, String project, String resource, long limit) {
        store.setLimit(tx, requireProject(project), known(resource), possible(limit));
    }

    /** What was set for a class of quotas over the configured limits. Only "default" holds for anybody. */
    public Map<String, Long> classLimits(Tx tx, String name) {
        if (name.equals(DEFAULT_CLASS)) {
            return defaults(tx);
        }
        Map<String, Long> limits = new LinkedHashMap<>(configured);
        overlay(limits, store.classLimits(tx, name));
        return limits;
    }

    /** In the class "default" the limit of all projects without one of their own; in any other it has no effect. */
    public void setClassLimit(Tx tx, String name, String resource, long limit) {
        if (name.equals(DEFAULT_CLASS)) {
            store.setLimit(tx, ALL, known(resource), possible(limit));
        } else {
            store.setClassLimit(tx, name, known(resource), possible(limit));
        }
    }

    /** From now on the defaults hold again for the project. */
    public void clearLimits(Tx tx, String project) {
        store.clearLimits(tx, requireProject(project));
    }

    /** Every resource of the service with usage and limit. */
    public Map<String, Usage> usage(Tx tx, String project) {
        Map<String, Long> used = store.used(tx, project, configured.keySet());
        Map<String, Usage> usage = new LinkedHashMap<>();
        limits(tx, project)
                .forEach((resource, limit) -> usage.put(resource, new Usage(used.getOrDefault(resource, 0L), limit)));
        return usage;
    }

    /**
     * Takes the given amounts, all or none.
     *
     * @throws FaultException QUOTA_EXCEEDED; the details name resource, requested, used and limit of the first
     *     resource that is too short, and all of them as {@code exceeded}
     */
    public void reserve(Tx tx, String project, Map<String, Long> amounts) {
        Map<String, Long> wanted = checked(amounts);
        Map<String, Long> used = store.used(tx, project, wanted.keySet());
        Map<String, Long> limits = limits(tx, project);
        List<Map<String, Object>> exceeded = new ArrayList<>();
        wanted.forEach((resource, amount) -> {
            long now = used.getOrDefault(resource, 0L);
            long limit = limits.getOrDefault(resource, UNLIMITED);
            if (exceeds(now, amount, limit)) {
                exceeded.add(details(resource, amount, now, limit));
            }
        });
        if (!exceeded.isEmpty()) {
            throw exceeded(exceeded);
        }
        wanted.forEach((resource, amount) -> {
            long now = used.getOrDefault(resource, 0L);
            store.count(tx, project, resource, now, Math.addExact(now, amount), used.containsKey(resource));
        });
    }

    /** Gives the amounts back. */
    public void release(Tx tx, String project, Map<String, Long> amounts) {
        Map<String, Long> back = checked(amounts);
        Map<String, Long> used = store.used(tx, project, back.keySet());
        back.forEach((resource, amount) -> {
            long now = used.getOrDefault(resource, 0L);
            if (now < amount) {
                LOG.error(
                        "{}: project {} gives back {} of {} but uses only {}", service, project, amount, resource, now);
            }
            if (used.containsKey(resource)) {
                store.count(tx, project, resource, now, Math.max(0, now - amount), true);
            }
        });
    }

    /**
     * For amounts that are counted elsewhere, such as the items of one server's metadata: fails when there would be
     * more than the project's limit allows.
     */
    public void check(Tx tx, String project, String resource, long present, long more) {
        long limit = limits(tx, project).getOrDefault(known(resource), UNLIMITED);
        if (exceeds(present, more, limit)) {
            throw exceeded(List.of(details(resource, more, present, limit)));
        }
    }

    /** Forgets limits and usage of a project that is no more. */
    public void forget(Tx tx, String project) {
        store.clearLimits(tx, requireProject(project));
        store.forget(tx, project);
    }

    /** Giving back or taking nothing is always allowed, even when a limit has been lowered below what is used. */
    private static boolean exceeds(long used, long more, long limit) {
        return limit != UNLIMITED && more > 0 && (used >= limit || more > limit - used);
    }

    private static long possible(long limit) {
        if (limit < UNLIMITED) {
            throw Fault.invalid("A quota must be -1 for no limit, or 0 or more.");
        }
        return limit;
    }

    private String known(String resource) {
        if (!configured.containsKey(resource)) {
            throw new IllegalArgumentException(service + " has no quota " + resource);
        }
        return resource;
    }

    /** Sorted, so that all transactions take the rows in the same order and none waits for another in a circle. */
    private Map<String, Long> checked(Map<String, Long> amounts) {
        Map<String, Long> sorted = new TreeMap<>();
        amounts.forEach((resource, amount) -> {
            if (amount < 0) {
                throw new IllegalArgumentException("a negative amount of " + resource);
            }
            if (amount > 0) {
                sorted.put(known(resource), amount);
            }
        });
        return sorted;
    }

    private void overlay(Map<String, Long> limits, Map<String, Long> set) {
        set.forEach((resource, limit) -> limits.replace(resource, limit));
    }

    private static String requireProject(String project) {
        if (project.isEmpty()) {
            throw new IllegalArgumentException("no project");
        }
        return project;
    }

    private static Map<String, Object> details(String resource, long requested, long used, long limit) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("resource", resource);
        details.put("requested", requested);
        details.put("used", used);
        details.put("limit", limit);
        return details;
    }

    private static FaultException exceeded(List<Map<String, Object>> exceeded) {
        Map<String, Object> details = new LinkedHashMap<>(exceeded.getFirst());
        String message = "Quota exceeded for " + details.get("resource") + ": requested " + details.get("requested")
                + ", used " + details.get("used") + " of " + details.get("limit") + ".";
        details.put("exceeded", exceeded);
        return new FaultException(new Fault(Fault.Kind.QUOTA_EXCEEDED, "OverQuota", message, details));
    }
}
