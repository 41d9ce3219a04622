package io.nacre.keystone.token;

import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.jws.JwsKeys;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Writes and reads tokens of one kind, with the keys of its repository. What a token stands for is not looked at here. */
public final class Tokens {
    private final Format format;
    private final RandomGenerator random;

    private interface Format {
        String write(Token token);

        Optional<Token> read(String text);
    }

    private Tokens(Format format, RandomGenerator random) {
        this.format = format;
        this.random = random;
    }

    public static Tokens sealed(KeyRepository keys, RandomGenerator random) {
        return new Tokens(
                new Format() {
                    @Override
                    public String write(Token token) {
                        return TokenFormat.write(token, keys.primary(), random);
                    }

                    @Override
                    public Optional<Token> read(String text) {
                        return TokenFormat.read(text, keys.all());
                    }
                },
                random);
    }

    public static Tokens signed(JwsKeys keys, RandomGenerator random) {
        return new Tokens(
                new Format() {
                    @Override
                    public String write(Token token) {
                        return JwsFormat.write(token, keys.keys());
                    }

                    @Override
                    public Optional<Token> read(String text) {
                        return JwsFormat.read(text, keys.keys());
                    }
                },
                random);
    }

    public String write(Token token) {
        return format.write(token);
    }

    /** Empty for whatever is no token of this cloud. */
    public Optional<Token> read(String text) {
        return format.read(text);
    }

    /** The protocol itself where tokens can tell it, else that somebody else has vouched. */
    public static String method(String protocol) {
        return TokenFormat.METHODS.contains(protocol) ? protocol : "mapped";
    }

    /** The methods of a login in the order in which its token tells them. */
    public static List<String> told(List<String> methods) {
        return TokenFormat.methods(TokenFormat.bits(methods));
    }

    /** A new audit id: 16 random bytes as 22 characters. */
    public String auditId() {
        return TokenFormat.auditId(random);
    }
}
