package io.nacre.compute.fake;

import io.nacre.base.FaultException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Makes the fake slow and makes it fail. Operations are spawn, destroy, power, attach, detach; safe for use by any
 * thread while the fake works.
 */
public final class FakeControl {
    private record Trouble(Supplier<FaultException> fault, int times) {}

    private final Map<String, Duration> delays = new HashMap<>();
    private final Map<String, Trouble> troubles = new HashMap<>();
    private final Duration delay;

    FakeControl(Duration delay) {
        this.delay = delay;
    }

    /** From now on the operation takes this long. */
    public synchronized void delay(String operation, Duration time) {
        delays.put(operation, time);
    }

    /** The next calls of the operation fail, before they have done anything. */
    public synchronized void fail(String operation, int times, Supplier<FaultException> fault) {
        troubles.put(operation, new Trouble(fault, times));
    }

    void enter(String operation) {
        Duration time;
        FaultException fault = null;
        synchronized (this) {
            time = delays.getOrDefault(operation, delay);
            Trouble trouble = troubles.get(operation);
            if (trouble != null) {
                fault = trouble.fault().get();
                if (trouble.times() > 1) {
                    troubles.put(operation, new Trouble(trouble.fault(), trouble.times() - 1));
                } else {
                    troubles.remove(operation);
                }
            }
        }
        if (time.isPositive()) {
            try {
                Thread.sleep(time);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (fault != null) {
            throw fault;
        }
    }
}
