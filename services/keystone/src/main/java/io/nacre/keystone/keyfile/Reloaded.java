package io.nacre.keystone.keyfile;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is read from files, read again when these have changed. They are looked at at most every five seconds. */
public final class Reloaded<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Reloaded.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final String what;
    private final Supplier<T> load;
    private final Supplier<String> fingerprint;
    private final InstantSource clock;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile T value;
    private volatile String seen;
    private volatile Instant lookAgain;

    /**
     * @param what for the log, such as Fernet keys in /a/directory
     * @param load throws IllegalStateException when the files make no sense: then what was there before stays
     * @param fingerprint another text whenever a file comes, goes or is written
     */
    public Reloaded(String what, Supplier<T> load, Supplier<String> fingerprint, InstantSource clock) {
        this.what = what;
        this.load = load;
        this.fingerprint = fingerprint;
        this.clock = clock;
        this.seen = fingerprint.get();
        this.value = load.get();
        this.lookAgain = clock.instant().plus(LOOK_AGAIN);
    }

    public T get() {
        if (clock.instant().isAfter(lookAgain) && reading.tryLock()) {
            try {
                lookAgain = clock.instant().plus(LOOK_AGAIN);
                reload();
            } finally {
                reading.unlock();
            }
        }
        return value;
    }

    /** At once, for who has changed the files. */
    public void refresh() {
        reading.lock();
        try {
            reload();
        } finally {
            reading.unlock();
        }
    }

    private void reload() {
        try {
            String now = fingerprint.get();
            if (!now.equals(seen)) {
                value = load.get();
                seen = now;
                LOG.info("{} read again", what);
            }
        } catch (IllegalStateException | UncheckedIOException e) {
            LOG.error("{} were not read again, those before stay in use: {}", what, e.getMessage());
        }
    }
}
