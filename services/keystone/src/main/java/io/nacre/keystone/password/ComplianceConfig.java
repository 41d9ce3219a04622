package io.nacre.keystone.password;

import io.nacre.config.Doc;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Options of [keystone.security_compliance]. */
public record ComplianceConfig(
        @Doc("After how many wrong passwords in a row an account is locked. 0 never locks.")
        int lockoutFailureAttempts,

        @Doc("For how long it is locked then. \"0s\" until somebody enables the user through the API.")
        Duration lockoutDuration,

        @Doc("After how many days without a login by password a user counts as disabled. 0 for never.")
        int disableUserAccountDaysInactive,

        @Doc("For how many days a new password is good. 0 for ever.")
        int passwordExpiresDays,

        @Doc("How many passwords, the present one and those before it, the next one must differ from. 0 for none.")
        int uniqueLastPasswordCount,

        @Doc("For how many days users have to keep a password that they chose. 0 when they may change it at once.")
        int minimumPasswordAge,

        @Doc("What a new password has to begin with, as a regular expression; empty for any password. One that needs a"
                + " letter, a digit and seven characters: '^(?=.*\\d)(?=.*[a-zA-Z]).{7,}$'.")
        String passwordRegex,

        @Doc("What password_regex asks for, said to whom it refuses.")
        String passwordRegexDescription,

        @Doc("Whether users have to change a password that somebody else gave them before they can log in.")
        boolean changePasswordUponFirstUse) {

    public static final ComplianceConfig DEFAULT =
            new ComplianceConfig(0, Duration.ofMinutes(30), 0, 0, 0, 0, "", "", false);

    public ComplianceConfig {
        if (lockoutFailureAttempts < 0
                || lockoutDuration.isNegative()
                || disableUserAccountDaysInactive < 0
                || passwordExpiresDays < 0
                || uniqueLastPasswordCount < 0
                || minimumPasswordAge < 0) {
            throw new IllegalArgumentException("counts, days and lockout_duration must not be negative");
        }
        if (passwordExpiresDays > 0 && minimumPasswordAge >= passwordExpiresDays) {
            throw new IllegalArgumentException("minimum_password_age must be less than password_expires_days");
        }
        try {
            Pattern.compile(passwordRegex);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("password_regex is no regular expression: " + e.getMessage(), e);
        }
    }
}
