package io.nacre.compute;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One command at a time for each guest; a guest's lock exists only while somebody holds or wants it. */
final class GuestLocks {
    private static final class Entry {
        final ReentrantLock lock = new ReentrantLock();
        int users;
    }

    private final Map<String, Entry> entries = new HashMap<>();

    <T extends @Nullable Object> T with(String guestId, Supplier<T> body) {
        Entry entry;
        synchronized (entries) {
            entry = entries.computeIfAbsent(guestId, id -> new Entry());
            entry.users++;
        }
        entry.lock.lock();
        try {
            return body.get();
        } finally {
            entry.lock.unlock();
            synchronized (entries) {
                if (--entry.users == 0) {
                    entries.remove(guestId);
                }
            }
        }
    }
}
