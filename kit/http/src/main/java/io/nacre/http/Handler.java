package io.nacre.http;

/** Answers a request that has passed every check its route declares. Runs on a virtual thread and may block. */
@FunctionalInterface
public interface Handler {
    Response handle(Request request);
}
