package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.keystone.audit.Audit;
import io.nacre.keystone.audit.Audit.Reason;
import io.nacre.keystone.audit.Claim;
import io.nacre.keystone.password.ComplianceConfig;
import io.nacre.keystone.password.Passwords;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a password is right, and locks accounts of which too many were wrong. Whoever does not exist, is locked
 * or gave a wrong password gets the same answer after the same work, so that nothing is learnt from either.
 */
public final class PasswordLogins {
    private static final String NOBODY = "";

    private final ComplianceConfig config;
    private final Transactions transactions;
    private final UserStore users;
    private final FailedLoginStore failures;
    private final Passwords passwords;
    private final Audit audit;
    private final InstantSource clock;

    public PasswordLogins(
            ComplianceConfig config,
            Transactions transactions,
            UserStore users,
            FailedLoginStore failures,
            Passwords passwords,
            Audit audit,
            InstantSource clock) {
        this.config = config;
        this.transactions = transactions;
        this.users = users;
        this.failures = failures;
        this.passwords = passwords;
        this.audit = audit;
        this.clock = clock;
    }

    private static FaultException denied() {
        return Fault.unauthenticated("The request you have made requires authentication.");
    }

    /**
     * A login. Faults with UNAUTHENTICATED when the password is not the user's or has expired.
     *
     * @param user null when there is none that may log in
     * @param password null when none was sent
     */
    public User login(Claim claim, @Nullable User user, @Nullable String password) {
        User proved = prove(claim, user, password);
        Instant now = clock.instant();
        if (proved.isPasswordExpired(now)) {
            throw expired(claim, proved);
        }
        audit.authenticated(claim, true, null);
        Instant today = now.truncatedTo(ChronoUnit.DAYS);
        if (!today.equals(proved.lastActiveAt())) {
            transactions.run(tx -> users.active(tx, proved.id(), today));
        }
        return proved;
    }

    /** As {@link #login}, but an expired password is good enough: to change it. */
    User prove(Claim claim, @Nullable User user, @Nullable String password) {
        boolean locked = isLocked(user, failures(user));
        User open = locked || password == null ? null : user;
        boolean right = passwords.verify(
                open == null ? NOBODY : open.id(),
                password == null ? "" : password,
                open == null ? null : open.passwordHash());
        // Others may have guessed wrong while this password was checked.
        FailedLogin failed = failures(user);
        if (open == null || isLocked(open, failed)) {
            failed(NOBODY);
            audit.authenticated(claim, false, reason(claim, user, isLocked(user, failed)));
            throw denied();
        }
        if (!right) {
            failed(open.id());
            audit.authenticated(claim, false, null);
            throw denied();
        }
        if (!open.enabled()) {
            audit.authenticated(claim, false, null);
            throw Fault.unauthenticated("The account is disabled for user: " + open.id() + ".");
        }
        if (failed.attempts() > 0) {
            transactions.run(tx -> failures.forget(tx, open.id()));
        }
        return open;
    }

    private FaultException expired(Claim claim, User user) {
        String why = "The password is expired and needs to be changed for user: " + user.id() + ".";
        audit.authenticated(claim, false, new Reason(why, "401"));
        return Fault.unauthenticated(why);
    }

    /** Of a login that was refused whatever the password; null when it was for none of the reasons that are told. */
    private static @Nullable Reason reason(Claim claim, @Nullable User user, boolean locked) {
        if (user != null && locked) {
            return new Reason("The account is locked for user: " + user.id() + ".", "401");
        }
        return claim.exists()
                ? null
                : new Reason(
                        "Could not find user: " + (claim.userName() == null ? claim.userId() : claim.userName()) + ".",
                        "404");
    }

    private boolean locks() {
        return config.lockoutFailureAttempts() > 0;
    }

    private FailedLogin failures(@Nullable User user) {
        return locks()
                ? transactions.read(tx -> failures.find(tx, user == null ? NOBODY : user.id()))
                : FailedLogin.NONE;
    }

    private boolean isLocked(@Nullable User user, FailedLogin failed) {
        return user != null
                && locks()
                && !user.has(User.IGNORE_LOCKOUT)
                && failed.attempts() >= config.lockoutFailureAttempts()
                && failed.at().isAfter(over());
    }

    /** A lock that began then or before is over. */
    private Instant over() {
        return config.lockoutDuration().isZero()
                ? Instant.EPOCH
                : clock.instant().minus(config.lockoutDuration());
    }

    private void failed(String userId) {
        if (locks()) {
            Instant now = clock.instant();
            transactions.run(tx -> failures.add(tx, userId, config.lockoutFailureAttempts(), over(), now));
        }
    }
}
