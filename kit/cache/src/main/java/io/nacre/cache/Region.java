package io.nacre.cache;

import io.nacre.base.Digests;
import io.nacre.base.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;

/** A namespace in a cache: bytes, or records that are kept as JSON, each for a time of its own. */
public final class Region {
    private final Cache cache;
    private final String namespace;
    private final InstantSource clock;

    /** @param namespace such as keystone.tokens; two regions of one name share their values */
    public Region(Cache cache, String namespace, InstantSource clock) {
        this.cache = cache;
        this.namespace = namespace;
        this.clock = clock;
    }

    /** @param key may be secret and of any length */
    public Optional<byte[]> bytes(String key) {
        Cached cached = cache.get(name(key));
        return cached == null ? Optional.empty() : Optional.of(cached.value().clone());
    }

    /** Keeps the bytes for a while, which is nothing at all when it is not positive. */
    public void putBytes(String key, byte[] value, Duration ttl) {
        if (ttl.isPositive()) {
            cache.put(name(key), new Cached(value.clone(), until(ttl)));
        } else {
            invalidate(key);
        }
    }

    private Instant until(Duration ttl) {
        return clock.instant().plus(ttl);
    }

    /** A value that another version of the program has written, and that does not fit any more, is not there. */
    public <T extends Record> Optional<T> get(String key, Class<T> type) {
        Cached cached = cache.get(name(key));
        if (cached == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.MAPPER.readValue(cached.value(), type));
        } catch (JacksonException e) {
            invalidate(key);
            return Optional.empty();
        }
    }

    public void put(String key, Record value, Duration ttl) {
        if (ttl.isPositive()) {
            cache.put(name(key), new Cached(Json.bytes(value), until(ttl)));
        } else {
            invalidate(key);
        }
    }

    /** The value that is there, or else the one that is loaded and kept from then on. */
    public <T extends Record> T get(String key, Class<T> type, Duration ttl, Supplier<T> load) {
        return get(key, type).orElseGet(() -> {
            T loaded = load.get();
            put(key, loaded, ttl);
            return loaded;
        });
    }

    public void invalidate(String key) {
        cache.invalidate(name(key));
    }

    /** The namespace's length keeps two namespaces apart of which one is the beginning of the other. */
    private String name(String key) {
        MessageDigest digest = Digests.of("SHA-256");
        digest.update((namespace.length() + ":" + namespace).getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(digest.digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
