package io.nacre.keystone.password;

import io.nacre.config.Doc;
import java.time.Duration;

/** Options of [keystone.password]. */
public record PasswordConfig(
        @Doc("Cost of a new bcrypt hash: 2^rounds steps. Existing hashes keep theirs. 4 to 31.")
        int hashRounds,

        @Doc("Longest password in bytes; what is beyond is ignored, as bcrypt ignores what is beyond 72.")
        int maxLength,

        @Doc("Refuse passwords that are too long with 403 instead of cutting them.")
        boolean strictCheck,

        @Doc("How many bcrypt computations run at once; 0 for one less than there are processors, at least one.")
        int concurrency,

        @Doc("How many logins may wait for a computation; more are answered with 503.")
        int queue,

        @Doc("For how long a password that was right is recognised without bcrypt. \"0s\" never remembers.")
        Duration remember) {

    public static final PasswordConfig DEFAULT = new PasswordConfig(12, 4096, false, 0, 256, Duration.ofMinutes(5));

    public PasswordConfig {
        if (hashRounds < 4 || hashRounds > 31) {
            throw new IllegalArgumentException("hash_rounds must be from 4 to 31");
        }
        if (maxLength < 1 || concurrency < 0 || queue < 1 || remember.isNegative()) {
            throw new IllegalArgumentException("max_length and queue must be positive, the others not negative");
        }
    }

    int threads() {
        return concurrency > 0 ? concurrency : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }
}
