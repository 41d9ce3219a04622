package io.nacre.bus;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** What comes back from a call: a result, or the fault that the server threw. */
record Reply(@Nullable JsonNode result, @Nullable Fault fault) {
    private static final Logger LOG = LoggerFactory.getLogger(Reply.class);
    private static final Reply UNEXPECTED = new Reply(
            null, new Fault(Fault.Kind.INTERNAL, "InternalServerError", "An unexpected error occurred.", Map.of()));

    byte[] bytes() {
        return Json.bytes(this);
    }

    static Reply read(byte[] bytes) {
        return Json.MAPPER.readValue(bytes, Reply.class);
    }

    JsonNode orThrow() {
        if (fault != null) {
            throw new FaultException(fault);
        }
        return result == null ? NullNode.getInstance() : result;
    }

    /**
     * Lets the server handle the message. This is the edge of the serving side: it catches everything, and what was
     * not meant for the other side stays in the log here.
     */
    static Reply from(Bus.Server server, String address, Message message) {
        return message.inContext(() -> {
            try {
                return new Reply(server.handle(message.method(), message.argument()), null);
            } catch (FaultException e) {
                LOG.debug(
                        "{} {} ended with {}",
                        address,
                        message.method(),
                        e.fault().kind(),
                        e);
                return new Reply(null, e.fault());
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                LOG.error("{} {} failed unexpectedly", address, message.method(), e);
                return UNEXPECTED;
            }
        });
    }

    /** Lets the server handle a message to which nobody expects a reply. */
    static void ignored(Bus.Server server, String address, Message message) {
        Fault fault = from(server, address, message).fault();
        if (fault != null) {
            LOG.warn(
                    "cast of {} to {} in the course of {} ended with {}: {}",
                    message.method(),
                    address,
                    message.request(),
                    fault.kind(),
                    fault.message());
        }
    }
}
