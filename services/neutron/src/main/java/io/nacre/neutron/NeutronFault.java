package io.nacre.neutron;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;

/** The faults of the Networking API, with the types and words that neutron's exceptions have. */
public final class NeutronFault {
    private NeutronFault() {}

    /** What is wrong with the form of a request. */
    public static FaultException badRequest(String message) {
        return Fault.of(Fault.Kind.INVALID, "HTTPBadRequest", message);
    }

    public static FaultException invalidInput(String message) {
        return Fault.of(Fault.Kind.INVALID, "InvalidInput", "Invalid input for operation: " + message + ".");
    }

    public static FaultException invalid(String type, String message) {
        return Fault.of(Fault.Kind.INVALID, type, message);
    }

    public static FaultException conflict(String type, String message) {
        return Fault.of(Fault.Kind.CONFLICT, type, message);
    }

    public static FaultException notFound(String type, String message) {
        return Fault.of(Fault.Kind.NOT_FOUND, type, message);
    }

    /** Such as {@code Network 1 could not be found.}, of type {@code NetworkNotFound}. */
    public static FaultException missing(String noun, String id) {
        String type = noun.replace(" ", "") + "NotFound";
        return notFound(type, noun + " " + id + " could not be found.");
    }

    public static FaultException unavailable(String type, String message) {
        return Fault.of(Fault.Kind.UNAVAILABLE, type, message);
    }

    /** For who may see an object or make one, but not do this. */
    public static FaultException forbidden(String rule) {
        return Fault.of(Fault.Kind.FORBIDDEN, "PolicyNotAuthorized", "rule:" + rule + " is disallowed by policy");
    }
}
