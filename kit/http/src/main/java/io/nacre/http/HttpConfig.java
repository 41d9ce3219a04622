package io.nacre.http;

import java.time.Duration;
import java.util.List;

/**
 * Limits of the HTTP edge.
 *
 * @param maxJsonBytes largest JSON body that is read; more is 413
 * @param maxHeaderBytes largest request line with headers; more is 431
 * @param maxRequests how many requests are worked on at once; more wait
 * @param idleTimeout how long a connection may say nothing, also in the middle of a request, and how long it may go on
 *     sending a body after it was answered
 * @param requestDeadline how long a request may take before the work for it is given up
 * @param drain how long a stopping server waits for requests in flight
 * @param corsOrigins origins that browsers may call from; empty for none, "*" for all
 * @param trustProxy whether X-Forwarded-Proto and X-Forwarded-Host of a load balancer are believed
 */
public record HttpConfig(
        int maxJsonBytes,
        int maxHeaderBytes,
        int maxRequests,
        Duration idleTimeout,
        Duration requestDeadline,
        Duration drain,
        List<String> corsOrigins,
        boolean trustProxy) {

    public static HttpConfig defaults() {
        return new HttpConfig(
                1 << 20,
                64 << 10,
                512,
                Duration.ofSeconds(60),
                Duration.ofSeconds(120),
                Duration.ofSeconds(10),
                List.of(),
                false);
    }
}
