package io.nacre.keystone.user;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.keystone.password.ComplianceConfig;
import io.nacre.keystone.password.Passwords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is asked of a new password, and until when it is good. */
public final class PasswordRules {
    private final ComplianceConfig config;
    private final Transactions transactions;
    private final PasswordHistoryStore history;
    private final Passwords passwords;
    private final InstantSource clock;
    private final Pattern strong;

    public PasswordRules(
            ComplianceConfig config,
            Transactions transactions,
            PasswordHistoryStore history,
            Passwords passwords,
            InstantSource clock) {
        this.config = config;
        this.transactions = transactions;
        this.history = history;
        this.passwords = passwords;
        this.clock = clock;
        this.strong = Pattern.compile(config.passwordRegex());
    }

    /** Faults with INVALID when it is not as the operator wants passwords to be. */
    void requireStrong(@Nullable String password) {
        if (config.passwordRegex().isEmpty()) {
            return;
        }
        if (password == null) {
            throw Fault.invalid("Password validation error: Password must be a string type.");
        }
        if (!strong.matcher(password).lookingAt()) {
            throw Fault.invalid(
                    "The password does not match the requirements: " + config.passwordRegexDescription() + ".");
        }
    }

    /** Faults with INVALID when the user may not change to it now. Takes as long as some logins do. */
    void requireChangeable(User user, String password) {
        if (user.has(User.LOCK_PASSWORD)) {
            throw Fault.invalid("You cannot change your password at this time due to password policy disallowing"
                    + " password changes. Please contact your administrator to reset your password.");
        }
        Password present = user.password();
        if (present == null) {
            return;
        }
        requireOldEnough(present);
        int unique = config.uniqueLastPasswordCount();
        if (unique == 0) {
            return;
        }
        List<String> hashes = new ArrayList<>(List.of(present.hash()));
        hashes.addAll(transactions.read(tx -> history.latest(tx, user.id(), unique - 1)));
        if (hashes.stream().anyMatch(hash -> passwords.fits(password, hash))) {
            throw Fault.invalid("The new password cannot be identical to a previous password. The total number which"
                    + " includes the new password must be unique is " + unique + ".");
        }
    }

    private void requireOldEnough(Password present) {
        int days = config.minimumPasswordAge();
        Duration left = Duration.between(clock.instant(), present.createdAt().plus(days, ChronoUnit.DAYS));
        if (present.selfService() && left.isPositive()) {
            throw Fault.invalid("You cannot change your password at this time due to the minimum password age. Once"
                    + " you change your password, it must be used for " + days
                    + " day(s) before it can be changed. Please try again in " + left.toDays()
                    + " day(s) or contact your administrator to reset your password.");
        }
    }

    /** The user with a password that somebody else gave them. */
    public User withGiven(User user, @Nullable String hash) {
        if (hash == null) {
            return user.withPassword(null);
        }
        Instant now = clock.instant();
        boolean onceOnly = config.changePasswordUponFirstUse() && !user.has(User.IGNORE_FIRST_USE);
        return user.withPassword(new Password(hash, now, onceOnly ? now : expiry(user, now), false));
    }

    /** The user with a password that they chose. */
    User withChosen(User user, String hash) {
        Instant now = clock.instant();
        return user.withPassword(new Password(hash, now, expiry(user, now), true));
    }

    private @Nullable Instant expiry(User user, Instant now) {
        return config.passwordExpiresDays() == 0 || user.has(User.IGNORE_EXPIRY)
                ? null
                : now.plus(config.passwordExpiresDays(), ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    }

    /** To be called in the transaction in which a user may get another password. */
    void changed(Tx tx, User present, User changed) {
        String before = present.passwordHash();
        if (before != null && !Objects.equals(before, changed.passwordHash())) {
            history.add(tx, present.id(), before, Math.max(0, config.uniqueLastPasswordCount() - 1));
        }
    }
}
