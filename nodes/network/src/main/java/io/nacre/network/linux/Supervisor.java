package io.nacre.network.linux;

import java.time.Duration;
import java.util.List;

/** Looks after services in turn, until closed. They are no children of the agent, so nobody tells it when one ends. */
final class Supervisor implements AutoCloseable {
    private final Thread thread;

    /** @param looks each finds what has ended and starts it again; none throws */
    Supervisor(Duration every, List<Runnable> looks) {
        thread = Thread.ofVirtual().name("network supervisor").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                try {
                    Thread.sleep(every);
                } catch (InterruptedException e) {
                    return;
                }
                looks.forEach(Runnable::run);
            }
        });
    }

    /** Returns when the last look is over. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
