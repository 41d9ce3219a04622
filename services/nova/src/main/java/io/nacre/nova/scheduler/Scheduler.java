package io.nacre.nova.scheduler;

import io.nacre.nova.scheduler.filter.Filter;
import io.nacre.nova.scheduler.weigher.Weigher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Filters the hosts that have room and puts the rest in order. */
public final class Scheduler {
    private final List<Filter> filters;
    private final List<Weigher> weighers;

    public Scheduler(List<Filter> filters, List<Weigher> weighers) {
        this.filters = List.copyOf(filters);
        this.weighers = List.copyOf(weighers);
    }

    /** The filters and weighers that are on by default. */
    public static Scheduler standard() {
        return new Scheduler(Filter.STANDARD, Weigher.STANDARD);
    }

    /**
     * @param ranked hosts that will do, the best first
     * @param refused filter name to the hosts it refused, in the order of the filters; filters that refused none are
     *     left out
     */
    public record Choice(List<Snapshot.Host> ranked, Map<String, List<String>> refused) {
        private static final int MOST_NAMED = 10;

        /** For the log and the operator: which filter left how many hosts, and which it refused. */
        public String explain(int hosts) {
            StringBuilder text = new StringBuilder(hosts + " with enough room");
            int left = hosts;
            for (Map.Entry<String, List<String>> filter : refused.entrySet()) {
                left -= filter.getValue().size();
                text.append(", ")
                        .append(filter.getKey())
                        .append(" left ")
                        .append(left)
                        .append(" (refused ")
                        .append(named(filter.getValue()))
                        .append(')');
            }
            return text.toString();
        }

        private static String named(List<String> hosts) {
            int more = hosts.size() - MOST_NAMED;
            return String.join(" ", hosts.subList(0, Math.min(hosts.size(), MOST_NAMED)))
                    + (more > 0 ? " and " + more + " more" : "");
        }
    }

    public Choice choose(Wanted wanted, Snapshot snapshot) {
        List<Snapshot.Host> left = new ArrayList<>(snapshot.hosts());
        Map<String, List<String>> refused = new LinkedHashMap<>();
        for (Filter filter : filters) {
            left.removeIf(host -> {
                boolean refuse = !filter.passes(host, wanted, snapshot);
                if (refuse) {
                    refused.computeIfAbsent(filter.name(), name -> new ArrayList<>())
                            .add(host.name());
                }
                return refuse;
            });
        }
        Map<String, Double> weights = weights(left, wanted);
        ToDoubleFunction<Snapshot.Host> weight = host -> weights.getOrDefault(host.providerId(), 0.0);
        left.sort(Comparator.comparingDouble(weight).reversed());
        return new Choice(List.copyOf(left), refused);
    }

    /** Each weigher's numbers are brought between 0 and 1 first, so that bytes do not outweigh cores. */
    private Map<String, Double> weights(List<Snapshot.Host> hosts, Wanted wanted) {
        Map<String, Double> weights = new HashMap<>();
        for (Weigher weigher : weighers) {
            double least = Double.MAX_VALUE;
            double most = -Double.MAX_VALUE;
            for (Snapshot.Host host : hosts) {
                double raw = weigher.weigh(host, wanted);
                least = Math.min(least, raw);
                most = Math.max(most, raw);
            }
            for (Snapshot.Host host : hosts) {
                double share = most > least ? (weigher.weigh(host, wanted) - least) / (most - least) : 0;
                weights.merge(host.providerId(), share, Double::sum);
            }
        }
        return weights;
    }
}
