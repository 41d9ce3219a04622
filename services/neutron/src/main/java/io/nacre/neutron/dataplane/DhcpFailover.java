package io.nacre.neutron.dataplane;

import io.nacre.base.Transactions;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has other hosts serve DHCP for the networks of a host that is gone.
 *
 * <p>A host is given up when it counts as down and this controller then sees others report for as long again. After an
 * outage of the bus, when all seem down and some are heard of sooner than others, nothing moves.
 */
final class DhcpFailover implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpFailover.class);

    private final Transactions transactions;
    private final Dhcp dhcp;
    private final Duration downTime;
    private final InstantSource clock;
    private final Map<String, Instant> silentSince = new HashMap<>();

    /** @param downTime after which a silent host counts as down */
    DhcpFailover(Transactions transactions, Dhcp dhcp, Duration downTime, InstantSource clock) {
        this.transactions = transactions;
        this.dhcp = dhcp;
        this.downTime = downTime;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "neutron.dhcp-failover";
    }

    @Override
    public Duration period() {
        return downTime.dividedBy(4);
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        List<String> silent = transactions.read(dhcp::silentHosts);
        silentSince.keySet().retainAll(silent);
        for (String host : silent) {
            Instant since = silentSince.computeIfAbsent(host, first -> now);
            if (!now.isBefore(since.plus(downTime))) {
                List<String> moved = transactions.write(tx -> dhcp.leave(tx, host));
                LOG.warn("{} is not heard of any more, others serve DHCP for its {} networks", host, moved.size());
            }
        }
    }
}
