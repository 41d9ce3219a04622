package io.nacre.keystone.token;

import io.nacre.keystone.fernet.KeyRepository;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Writes and reads tokens with the keys of the repository. What a token stands for is not looked at here. */
public final class Tokens {
    private final KeyRepository keys;
    private final RandomGenerator random;

    public Tokens(KeyRepository keys, RandomGenerator random) {
        this.keys = keys;
        this.random = random;
    }

    public String write(Token token) {
        return TokenFormat.write(token, keys.primary(), random);
    }

    /** Empty for whatever is no token of this cloud. */
    public Optional<Token> read(String text) {
        return TokenFormat.read(text, keys.all());
    }

    /** A new audit id: 16 random bytes as 22 characters. */
    public String auditId() {
        return TokenFormat.auditId(random);
    }
}
