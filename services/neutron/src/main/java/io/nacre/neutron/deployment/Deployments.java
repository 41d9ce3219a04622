package io.nacre.neutron.deployment;

import io.nacre.base.Tx;
import io.nacre.neutron.deployment.Deployment.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Record1;
import org.jooq.Select;

/** Marks what hosts must learn, in the transaction of the change, and wakes the one who tells them after its commit. */
public final class Deployments {
    private final DeploymentStore store;
    private final InstantSource clock;
    private volatile Runnable wake = () -> {};

    public Deployments(DeploymentStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    public DeploymentStore store() {
        return store;
    }

    /** @param wake called after every commit that marked something; it must not block */
    public void onChange(Runnable wake) {
        this.wake = wake;
    }

    /** Has what is due told now. */
    public void wake() {
        wake.run();
    }

    /** The host shall carry it, as it looks now. True when the host did not carry it before. */
    public boolean want(Tx tx, String host, Kind kind, String objectId) {
        return mark(tx, host, kind, objectId, true);
    }

    /** The host shall not carry it any more. True when it did. */
    public boolean unwant(Tx tx, String host, Kind kind, String objectId) {
        Optional<Deployment> present = store.find(tx, host, kind, objectId);
        if (present.isEmpty() || !present.get().wanted()) {
            return false;
        }
        renew(tx, present.get(), false);
        return true;
    }

    /** It looks different now, wherever it is carried. */
    public void changed(Tx tx, Kind kind, Collection<String> objects) {
        for (Deployment present : store.of(tx, kind, objects)) {
            renew(tx, present, true);
        }
    }

    /**
     * As {@link #changed(Tx, Kind, Collection)}, for as many as there may be.
     *
     * @param objects selects their ids
     * @param delay within which further changes are told together with this one
     */
    public void changed(Tx tx, Kind kind, Select<Record1<String>> objects, Duration delay) {
        store.renewAll(tx, kind, objects, next(0), clock.instant().plus(delay));
        tx.afterCommit(this::wake);
    }

    public void changed(Tx tx, Kind kind, String objectId) {
        changed(tx, kind, List.of(objectId));
    }

    /** It is gone everywhere. */
    public void removed(Tx tx, Kind kind, String objectId) {
        for (Deployment present : store.of(tx, kind, List.of(objectId))) {
            renew(tx, present, false);
        }
    }

    private boolean mark(Tx tx, String host, Kind kind, String objectId, boolean wanted) {
        Optional<Deployment> present = store.find(tx, host, kind, objectId);
        if (present.isPresent()) {
            renew(tx, present.get(), wanted);
            return !present.get().wanted();
        }
        Instant now = clock.instant();
        store.insert(tx, new Deployment(host, kind, objectId, wanted, next(0), 0, 0), now);
        tx.afterCommit(this::wake);
        return true;
    }

    private void renew(Tx tx, Deployment present, boolean wanted) {
        store.renew(tx, present, wanted, next(present.generation()), clock.instant());
        tx.afterCommit(this::wake);
    }

    /** Grows across the life of a row too: a host may still know of an earlier one. */
    private long next(long present) {
        Instant now = clock.instant();
        return Math.max(present + 1, now.getEpochSecond() * 1_000_000L + now.getNano() / 1_000);
    }
}
