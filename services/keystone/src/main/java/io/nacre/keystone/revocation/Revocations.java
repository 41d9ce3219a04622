package io.nacre.keystone.revocation;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.revocation.Revocation.Kind;
import io.nacre.keystone.token.Token;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes tokens invalid, and tells whether anything has changed that tokens depend on. */
public final class Revocations {
    private static final Instant FOR_GOOD = Instant.parse("9999-12-31T00:00:00Z");

    private final Transactions transactions;
    private final RevocationStore store;
    private final Duration poll;
    private final Duration longestToken;
    private final InstantSource clock;
    private final ReentrantLock polling = new ReentrantLock();
    private volatile long generation = -1;
    private volatile Instant pollAgain = Instant.MIN;

    /**
     * @param poll how long a change made by another controller may go unnoticed; zero when there is no other
     * @param longestToken the longest time for which a token can be validated after its issue
     */
    public Revocations(
            Transactions transactions,
            RevocationStore store,
            Duration poll,
            Duration longestToken,
            InstantSource clock) {
        this.transactions = transactions;
        this.store = store;
        this.poll = poll;
        this.longestToken = longestToken;
        this.clock = clock;
    }

    /** The generation that remembered tokens must have. Reads the database at most once in the time to poll. */
    public long generation() {
        boolean due = generation < 0 || (!poll.isZero() && !clock.instant().isBefore(pollAgain));
        return due ? polled() : generation;
    }

    private long polled() {
        polling.lock();
        try {
            Instant now = clock.instant();
            if (generation < 0 || !now.isBefore(pollAgain)) {
                read(now);
            }
            return generation;
        } finally {
            polling.unlock();
        }
    }

    private void read(Instant now) {
        seen(transactions.read(store::generation));
        pollAgain = now.plus(poll);
    }

    /** Learns of every change that has been made by now, also by another controller. */
    public void refresh() {
        if (!poll.isZero()) {
            read(clock.instant());
        }
    }

    /** The generation of the transaction's snapshot. */
    public long generation(Tx tx) {
        return store.generation(tx);
    }

    /** To be called in every transaction that changes what a token could say. */
    public void changed(Tx tx) {
        long number = store.advance(tx);
        tx.afterCommit(() -> seen(number));
    }

    private synchronized void seen(long number) {
        generation = Math.max(generation, number);
    }

    /** One token, by its audit id. */
    public void revoke(Tx tx, Token token) {
        add(tx, new Revocation(Kind.AUDIT, token.auditId(), FOR_GOOD));
    }

    /** A token with all that were got from it or from what it was got from. */
    public void revokeChain(Tx tx, Token token) {
        add(tx, new Revocation(Kind.CHAIN, token.chainId(), FOR_GOOD));
    }

    /** All tokens of a subject that exist now; later ones are good. */
    public void revokeAll(Tx tx, Kind kind, String subject) {
        add(tx, new Revocation(kind, subject, clock.instant()));
    }

    private void add(Tx tx, Revocation event) {
        Instant now = clock.instant();
        store.forget(tx, now.minus(longestToken).minus(Duration.ofHours(1)));
        store.add(tx, event, now);
        changed(tx);
    }

    /**
     * Whether a token that was good when it was issued is over.
     *
     * @param over the moment up to which the tokens of its subjects are
     */
    public boolean isRevoked(Tx tx, Token token, Optional<Instant> over) {
        Optional<Instant> itself =
                store.before(tx, Map.of(Kind.AUDIT, Set.of(token.auditId()), Kind.CHAIN, Set.of(token.chainId())));
        Optional<Instant> before = Stream.concat(over.stream(), itself.stream()).max(Comparator.naturalOrder());
        if (before.isEmpty() || token.issuedAt().isAfter(before.get())) {
            return false;
        }
        // A token knows only the second of its issue; within that second the record of spared tokens decides.
        return !before.get().isBefore(token.issuedAt().plusSeconds(1))
                || store.before(tx, Map.of(Kind.SPARED, Set.of(token.auditId())))
                        .filter(before.get()::isBefore)
                        .isEmpty();
    }

    /**
     * The moment up to which all tokens with the token's subjects are over; empty when none are.
     *
     * @param users who have a part in it, trustors among them
     * @param domains of these users and of the project
     */
    public Optional<Instant> over(Tx tx, Token token, Set<String> users, Set<String> domains) {
        return store.before(tx, subjects(token, users, domains));
    }

    /**
     * Lets a token live that is issued in the same second in which others of its subject were revoked: who changes a
     * password can log in at once. Not to be called inside a transaction.
     *
     * @param began when its owner began to prove who they are; a revocation since then is one of the token
     */
    public void spare(Token token, Instant began) {
        transactions.run(tx -> store.add(tx, new Revocation(Kind.SPARED, token.auditId(), began), began));
    }

    private static Map<Kind, Set<String>> subjects(Token token, Set<String> users, Set<String> domains) {
        Map<Kind, Set<String>> subjects = new EnumMap<>(Kind.class);
        subjects.put(Kind.USER, users);
        subjects.put(Kind.DOMAIN, domains);
        put(subjects, Kind.PROJECT, token.projectId());
        put(subjects, Kind.TRUST, token.trustId());
        put(subjects, Kind.CREDENTIAL, token.credentialId());
        return subjects;
    }

    private static void put(Map<Kind, Set<String>> subjects, Kind kind, @Nullable String id) {
        if (id != null) {
            subjects.put(kind, Set.of(id));
        }
    }
}
