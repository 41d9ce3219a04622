package io.nacre.nova.service;

import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says for the parts of this controller that they are there. */
public final class ControllerHeartbeat implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(ControllerHeartbeat.class);
    private static final List<String> PARTS = List.of("nova-scheduler", "nova-conductor");

    private final Transactions transactions;
    private final InternalServiceStore services;
    private final String host;
    private final Duration period;
    private final Ids ids;
    private final InstantSource clock;

    /** @param host the controller's name */
    public ControllerHeartbeat(
            Transactions transactions,
            InternalServiceStore services,
            String host,
            Duration period,
            Ids ids,
            InstantSource clock) {
        this.transactions = transactions;
        this.services = services;
        this.host = host;
        this.period = period;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "nova.heartbeat";
    }

    @Override
    public Duration period() {
        return period;
    }

    @Override
    public void run() {
        say(false);
    }

    /** The last word of a controller that stops; without it the others notice when it has been silent for long. */
    public void stop() {
        try {
            say(true);
        } catch (RuntimeException e) {
            LOG.warn("Others will notice only after service_down_time that {} has stopped: {}", host, e.toString());
        }
    }

    private void say(boolean stopped) {
        List<String> newIds = PARTS.stream().map(part -> ids.uuid()).toList();
        transactions.run(tx -> {
            for (int i = 0; i < PARTS.size(); i++) {
                services.heard(tx, newIds.get(i), host, PARTS.get(i), stopped, clock.instant());
            }
        });
    }
}
