package io.nacre.bus;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * A name that one process at a time may have, such as that of a host's agent. It is given up with the process,
 * whichever way that ends.
 */
public final class Claim implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String ASK = "holder";
    /** Servers of one address are asked in turn, so that this many questions reach a rival that came at the same time. */
    private static final int QUESTIONS = 4;

    private final Bus.Registration registration;

    private Claim(Bus.Registration registration) {
        this.registration = registration;
    }

    /**
     * Takes the name; faults with CONFLICT that tells who has it.
     *
     * @param name an address of the bus
     * @param id of this process, different from that of every other
     * @param holder who this process is, in words that complete "It is held by"
     */
    public static Claim take(Bus bus, String name, String id, String holder) {
        JsonNode before = ask(bus, name);
        if (before != null) {
            throw taken(before);
        }
        JsonNode me = Json.object().put("id", id).put(ASK, holder);
        Bus.Registration registration = bus.serve(name, (method, argument) -> me);
        for (int i = 0; i < QUESTIONS; i++) {
            JsonNode answer = ask(bus, name);
            // Of two that came at the same time one stays.
            if (answer != null && answer.get("id").asString().compareTo(id) < 0) {
                registration.close();
                throw taken(answer);
            }
        }
        return new Claim(registration);
    }

    /** Null when nobody answers: a holder that is alive does at once. */
    private static @Nullable JsonNode ask(Bus bus, String name) {
        try {
            return bus.call(name, ASK, NullNode.getInstance(), PATIENCE);
        } catch (FaultException e) {
            if (e.is(Fault.Kind.UNAVAILABLE) || e.is(Fault.Kind.TIMEOUT)) {
                return null;
            }
            throw e;
        }
    }

    private static FaultException taken(JsonNode holder) {
        return Fault.conflict("It is held by " + holder.get(ASK).asString() + ".");
    }

    @Override
    public void close() {
        registration.close();
    }
}
