package io.nacre.bus;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.time.Duration;

/** The bus's own faults. Their texts may reach a user, so what they name stands in the cause, for the log. */
final class Faults {
    private Faults() {}

    static FaultException unavailable(String why) {
        return Fault.unavailable("A part of the cloud that this needs cannot be reached.")
                .because(new Reason(why));
    }

    static FaultException noServer(String address) {
        return unavailable("nobody serves " + address);
    }

    static FaultException full(String address) {
        return unavailable("too many casts wait at " + address);
    }

    static FaultException timeout(String address, String method, Duration timeout) {
        return noAnswer(address + " has not answered to " + method + " within " + timeout);
    }

    static FaultException noAnswer(String why) {
        return Fault.of(Fault.Kind.TIMEOUT, "Timeout", "A part of the cloud that this needs has not answered in time.")
                .because(new Reason(why));
    }

    /** The current thread shall end: what it waited for will not be known to it. */
    static FaultException interrupted(String address, String method) {
        Thread.currentThread().interrupt();
        return noAnswer("interrupted while waiting for " + method + " of " + address);
    }

    private static final class Reason extends RuntimeException {
        Reason(String message) {
            super(message, null, false, false);
        }
    }
}
