package io.nacre.bus;

import io.nacre.base.Json;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;

/**
 * A call or cast on its way.
 *
 * @param request id of the API request in whose course it was sent; null outside of one
 */
record Message(String method, JsonNode argument, @Nullable String request) {
    private static final String REQUEST = "request";

    /** A message in the course of the current thread's request. */
    static Message of(String method, JsonNode argument) {
        return new Message(method, argument, MDC.get(REQUEST));
    }

    byte[] bytes() {
        return Json.bytes(this);
    }

    static Message read(byte[] bytes) {
        return Json.MAPPER.readValue(bytes, Message.class);
    }

    /** Runs the body with the request id in the thread's log context. */
    <T> T inContext(Supplier<T> body) {
        if (request == null) {
            return body.get();
        }
        try (var _ = MDC.putCloseable(REQUEST, request)) {
            return body.get();
        }
    }
}
