package io.nacre.keystone.password;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Hashes and checks passwords. Any thread may call; the work itself is done by a few. */
public final class Passwords implements AutoCloseable {
    /** bcrypt reads no more of a password. */
    private static final int BCRYPT_BYTES = 72;

    private static final long PATIENCE_SECONDS = 60;

    private final PasswordConfig config;
    private final RandomGenerator random;
    private final RememberedPasswords remembered;
    private final ThreadPoolExecutor workers;
    private final String nobody;

    public Passwords(PasswordConfig config, RandomGenerator random, InstantSource clock) {
        this.config = config;
        this.random = random;
        this.remembered = new RememberedPasswords(config.remember(), random, clock);
        this.workers = new ThreadPoolExecutor(
                config.threads(),
                config.threads(),
                1,
                TimeUnit.MINUTES,
                new ArrayBlockingQueue<>(config.queue()),
                Thread.ofPlatform().name("bcrypt-", 0).daemon().factory());
        // A well-formed hash of the same cost that no password fits.
        this.nobody = "$2b$%02d$".formatted(config.hashRounds()) + ".".repeat(53);
    }

    /** A hash in modular crypt format, {@code $2b$12$...}. */
    public String hash(String password) {
        byte[] bytes = cut(password);
        byte[] salt = new byte[16];
        random.nextBytes(salt);
        return compute(() -> new String(
                BCrypt.with(BCrypt.Version.VERSION_2B).hash(config.hashRounds(), salt, bytes),
                StandardCharsets.US_ASCII));
    }

    /**
     * Whether the password is the user's.
     *
     * @param hash null when the user has no password or does not exist; the answer then takes as long as any other, so
     *     that its time does not tell who exists
     */
    public boolean verify(String userId, String password, @Nullable String hash) {
        byte[] bytes = cut(password);
        if (hash == null) {
            computed(bytes, nobody);
            return false;
        }
        if (remembered.knows(userId, hash, bytes)) {
            return true;
        }
        boolean right = computed(bytes, hash);
        if (right) {
            remembered.add(userId, hash, bytes);
        }
        return right;
    }

    /** Whether the password was found to be the user's a moment ago, so that it costs next to nothing to check. */
    public boolean remembers(String userId, String password, @Nullable String hash) {
        return hash != null && remembered.knows(userId, hash, cut(password));
    }

    /** Whether a hash was made of the password. */
    public boolean fits(String password, String hash) {
        return computed(cut(password), hash);
    }

    private boolean computed(byte[] bytes, String hash) {
        byte[] encoded = hash.getBytes(StandardCharsets.US_ASCII);
        return compute(() -> BCrypt.verifyer().verify(bytes, encoded).verified);
    }

    /** The bytes that count. bcrypt stops at 72; the original cuts there too, unless it is told to be strict. */
    private byte[] cut(String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        int longest = Math.min(config.maxLength(), BCRYPT_BYTES);
        if (bytes.length <= longest) {
            return bytes;
        }
        if (config.strictCheck()) {
            throw Fault.forbidden("The password length must be less than or equal to " + longest
                    + ". The server could not comply with the request because the password is invalid.");
        }
        return Arrays.copyOf(bytes, longest);
    }

    private <T> T compute(Callable<T> work) {
        Future<T> future;
        try {
            future = workers.submit(work);
        } catch (RejectedExecutionException e) {
            throw Fault.unavailable("Too many logins are under way, please try again.")
                    .because(e);
        }
        try {
            return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FaultException fault ? fault : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            future.cancel(false);
            throw Fault.unavailable("Too many logins are under way, please try again.")
                    .because(e);
        } catch (InterruptedException e) {
            future.cancel(false);
            Thread.currentThread().interrupt();
            throw Fault.unavailable("The login was interrupted.").because(e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
