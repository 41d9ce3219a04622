package io.nacre.network.linux;

import io.nacre.contracts.node.NetworkNode.FilterRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Security group rules as tests need them. */
final class Rules {
    private Rules() {}

    static FilterRule everythingOut() {
        return new FilterRule(false, "IPv4", null, null, null, null, true);
    }

    static FilterRule in(
            String protocol, @Nullable Integer min, @Nullable Integer max, @Nullable List<String> remotes) {
        return new FilterRule(true, "IPv4", protocol, min, max, remotes, true);
    }

    static FilterRule stateless(FilterRule rule) {
        return new FilterRule(
                rule.ingress(),
                rule.ethertype(),
                rule.protocol(),
                rule.portMin(),
                rule.portMax(),
                rule.remotes(),
                false);
    }
}
