package io.nacre.keystone.trust;

import io.nacre.base.Transactions;
import io.nacre.tasks.Reconciler;
import java.time.Duration;
import java.time.InstantSource;

/** Removes trusts that have ended, as {@code keystone-manage trust_flush} does, once no token of theirs can be asked for. */
public final class ExpiredTrusts implements Reconciler {
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private final Transactions transactions;
    private final TrustStore trusts;
    private final Duration kept;
    private final InstantSource clock;

    /** @param kept for how long after its end a trust is kept: as long as a service may ask what a token of it was */
    public ExpiredTrusts(Transactions transactions, TrustStore trusts, Duration kept, InstantSource clock) {
        this.transactions = transactions;
        this.trusts = trusts;
        this.kept = kept;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "keystone.trusts";
    }

    @Override
    public Duration period() {
        return PERIOD;
    }

    @Override
    public void run() {
        transactions.run(tx -> trusts.deleteEnded(tx, clock.instant().minus(kept)));
    }
}
