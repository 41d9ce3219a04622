package io.nacre.keystone.credential;

import io.nacre.base.Digests;
import io.nacre.base.Transactions;
import io.nacre.keystone.entity.Filter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Time-based one-time passcodes (RFC 6238): six digits of HMAC-SHA1 over the number of the half minute, with the secret
 * that a credential of type totp holds in base 32.
 */
public final class Totp {
    private static final String TYPE = "totp";
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int PERIOD_SECONDS = 30;
    private static final int SHORTEST_SECRET = 16;

    private final Transactions transactions;
    private final CredentialStore credentials;
    private final int previousWindows;
    private final InstantSource clock;

    /** @param previousWindows how many passcodes before the present one are good as well */
    public Totp(Transactions transactions, CredentialStore credentials, int previousWindows, InstantSource clock) {
        this.transactions = transactions;
        this.credentials = credentials;
        this.previousWindows = previousWindows;
        this.clock = clock;
    }

    /** Whether one of the user's devices shows this passcode. */
    public boolean isRight(String userId, String passcode) {
        List<Credential> ofUser = transactions.read(
                tx -> credentials.list(tx, List.of(Filter.equal("user_id", userId), Filter.equal("type", TYPE))));
        long window = Math.floorDiv(clock.instant().getEpochSecond(), (long) PERIOD_SECONDS);
        byte[] sent = passcode.getBytes(StandardCharsets.UTF_8);
        boolean right = false;
        for (Credential credential : ofUser) {
            byte[] secret = secret(credential.blob()).orElse(new byte[0]);
            for (int back = 0; back <= previousWindows && secret.length >= SHORTEST_SECRET; back++) {
                byte[] shown = passcode(secret, window - back).getBytes(StandardCharsets.UTF_8);
                right |= MessageDigest.isEqual(sent, shown);
            }
        }
        return right;
    }

    static String passcode(byte[] secret, long window) {
        byte[] hash = Digests.hmacSha1(
                secret, ByteBuffer.allocate(Long.BYTES).putLong(window).array());
        int offset = hash[hash.length - 1] & 0xf;
        int digits = (ByteBuffer.wrap(hash).getInt(offset) & 0x7fff_ffff) % 1_000_000;
        return String.format(Locale.ROOT, "%06d", digits);
    }

    /** Empty when it is not base 32 in capital letters; the padding may be missing. */
    static Optional<byte[]> secret(String base32) {
        String text = base32.replaceFirst("=+$", "");
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 5 / 8);
        int held = 0;
        int bits = 0;
        for (int i = 0; i < text.length(); i++) {
            int value = ALPHABET.indexOf(text.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            held = (held << 5 | value) & 0xfff;
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.put((byte) (held >> bits));
            }
        }
        return Optional.of(bytes.array());
    }
}
