package io.nacre.compute;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.io.IOException;

/** Tells a full disk, which an operator can mend and a retry elsewhere avoids, from every other failed write. */
public final class DiskFull {
    private DiskFull() {}

    /** The fault for a write that failed while doing {@code what}; the host's own words stay in the log. */
    public static FaultException fault(String what, IOException e) {
        return is(String.valueOf(e.getMessage()))
                ? fault(what).because(e)
                : Fault.internal("The host could not write " + what + ".").because(e);
    }

    public static FaultException fault(String what) {
        return Fault.unavailable("The host has not enough disk space for " + what + ".");
    }

    /** Whether a message of the system or of a tool speaks of a full disk. */
    public static boolean is(String message) {
        return message.contains("No space left on device") || message.contains("Disk quota exceeded");
    }
}
