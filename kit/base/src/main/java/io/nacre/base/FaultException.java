package io.nacre.base;

import org.jspecify.annotations.Nullable;

/** The one exception that carries a {@link Fault} from where it is noticed to the edge that tells the caller. */
public final class FaultException extends RuntimeException {
    private final transient Fault fault;

    public FaultException(Fault fault) {
        this(fault, null);
    }

    public FaultException(Fault fault, @Nullable Throwable cause) {
        super(fault.message(), cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }

    public boolean is(Fault.Kind kind) {
        return fault.kind() == kind;
    }

    /** The same fault with its cause kept for the log; the caller never sees the cause. */
    public FaultException because(Throwable cause) {
        return new FaultException(fault, cause);
    }
}
