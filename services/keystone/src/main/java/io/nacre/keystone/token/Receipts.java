package io.nacre.keystone.token;

import io.nacre.keystone.fernet.Fernet;
import io.nacre.keystone.fernet.KeyRepository;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Writes and reads auth receipts, {@code [user, methods, expires]} as keystone's receipt formatter has them. Their keys
 * are their own, so that no receipt is ever taken for a token.
 */
public final class Receipts {
    private final KeyRepository keys;
    private final RandomGenerator random;

    public Receipts(KeyRepository keys, RandomGenerator random) {
        this.keys = keys;
        this.random = random;
    }

    public String write(Receipt receipt) {
        List<Object> payload =
                List.of(TokenFormat.flagged(receipt.userId()), TokenFormat.bits(receipt.methods()), (double)
                        receipt.expiresAt().getEpochSecond());
        return Fernet.seal(keys.primary(), Msgpack.write(payload), receipt.issuedAt(), random);
    }

    /** Empty for whatever is no receipt of this cloud. Expiry is not looked at. */
    public Optional<Receipt> read(String text) {
        return Fernet.open(keys.all(), text).flatMap(opened -> {
            try {
                return Msgpack.read(opened.message()) instanceof List<?> payload
                        ? Optional.of(receipt(new TokenFormat.Fields(payload), opened.createdAt()))
                        : Optional.empty();
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        });
    }

    private static Receipt receipt(TokenFormat.Fields fields, Instant issuedAt) {
        String userId = fields.flagged();
        List<String> methods = TokenFormat.methods(fields.whole());
        return new Receipt(userId, methods, issuedAt, fields.time());
    }
}
