package io.nacre.keystone.fernet;

import io.nacre.base.Fault;
import io.nacre.base.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;
import tools.jackson.core.JacksonException;

/** Keeps secrets that must be read again: sealed with the primary key, opened with whichever key sealed them. */
public final class Sealing {
    private final KeyRepository keys;
    private final RandomGenerator random;
    private final InstantSource clock;

    public Sealing(KeyRepository keys, RandomGenerator random, InstantSource clock) {
        this.keys = keys;
        this.random = random;
        this.clock = clock;
    }

    public String seal(String secret) {
        return Fernet.seal(keys.primary(), secret.getBytes(StandardCharsets.UTF_8), clock.instant(), random);
    }

    /** Faults with INTERNAL when the key is gone. */
    public String open(String sealed) {
        return find(sealed)
                .orElseThrow(() -> Fault.internal("A secret was sealed with a key that is no longer there."));
    }

    /** Empty for what was not sealed here, or is something else. */
    public <T> Optional<T> find(String sealed, Class<T> type) {
        return find(sealed).flatMap(text -> {
            try {
                return Optional.of(Json.MAPPER.readValue(text, type));
            } catch (JacksonException e) {
                return Optional.empty();
            }
        });
    }

    /** Empty for what was not sealed here. */
    public Optional<String> find(String sealed) {
        return Fernet.open(keys.all(), sealed).map(opened -> new String(opened.message(), StandardCharsets.UTF_8));
    }
}
