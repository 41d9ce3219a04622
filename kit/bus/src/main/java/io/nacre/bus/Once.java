package io.nacre.bus;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Runs each message once as far as this process can know: a repetition of one that runs waits for it, a repetition of
 * one that has run lately does nothing. What an earlier process has run is unknown here.
 */
final class Once {
    /** Repetitions come within seconds of a lost connection. */
    private static final int REMEMBERED = 4096;

    private final Map<String, CountDownLatch> messages = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CountDownLatch> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** Returns when the work for this id is done, by whomever. */
    void run(String id, Runnable work) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        CountDownLatch first;
        synchronized (messages) {
            first = messages.putIfAbsent(id, done);
        }
        if (first != null) {
            first.await();
            return;
        }
        try {
            work.run();
        } finally {
            done.countDown();
        }
    }
}
