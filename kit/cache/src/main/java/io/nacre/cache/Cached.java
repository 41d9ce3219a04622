package io.nacre.cache;

import java.time.Instant;

/**
 * A value and the end of its use.
 *
 * @param value never changed by anybody once it is in here
 */
public record Cached(byte[] value, Instant until) {}
