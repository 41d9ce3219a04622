package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.CountingTransactions;
import io.nacre.testkit.EveryEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who is shut out by [keystone.security_compliance]: after wrong passwords, or after having been away. */
@EveryEngine(migrations = "db/keystone")
class LockoutTest extends ComplianceCloud {
    private static final String DENIED = "The request you have made requires authentication.";

    private static String[] lockout(int attempts, Duration duration) {
        return set("lockout_failure_attempts=" + attempts, "lockout_duration=" + duration.toSeconds() + "s");
    }

    private static String[] inactivity(int days) {
        return set("disable_user_account_days_inactive=" + days);
    }

    @Test
    void anAccountIsLockedAfterTooManyWrongPasswordsAndOpensWithTime() {
        start(lockout(3, Duration.ofMinutes(30)));
        user("ann", "right");
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "right")).isEqualTo(201);
        // A right password clears the count.
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "right")).isEqualTo(401);
        clock.advance(Duration.ofMinutes(29));
        assertThat(login("ann", "right")).isEqualTo(401);
        // Attempts on a locked account do not prolong the lock, and those before it no longer count after it.
        clock.advance(Duration.ofMinutes(1));
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "wrong")).isEqualTo(401);
        assertThat(login("ann", "right")).isEqualTo(201);
    }

    @Test
    void aLockOutlivesARestartAndAnAdministratorOpensIt() {
        start(lockout(2, Duration.ZERO));
        String ann = user("ann", "right");
        login("ann", "wrong");
        login("ann", "wrong");
        clock.advance(Duration.ofDays(3650));
        start(lockout(2, Duration.ZERO));
        assertThat(login("ann", "right")).isEqualTo(401);
        assertThat(change(ann, "right", "other").status()).isEqualTo(401);
        patch(ann, Map.of("description", "still locked"));
        assertThat(login("ann", "right")).isEqualTo(401);
        patch(ann, Map.of("enabled", true));
        assertThat(login("ann", "right")).isEqualTo(201);
        login("ann", "wrong");
        login("ann", "wrong");
        patch(ann, Map.of("password", "new"));
        assertThat(login("ann", "new")).isEqualTo(201);
    }

    @Test
    void whoIsExemptIsNotLocked() {
        start(lockout(1, Duration.ZERO));
        user("ann", "right", "ignore_lockout_failure_attempts");
        login("ann", "wrong");
        login("ann", "wrong");
        assertThat(login("ann", "right")).isEqualTo(201);
    }

    @Test
    void wrongPasswordsOfChangesCountAsWell() {
        start(lockout(2, Duration.ZERO));
        String ann = user("ann", "right");
        assertThat(change(ann, "wrong", "new").status()).isEqualTo(401);
        assertThat(change(ann, "wrong", "new").status()).isEqualTo(401);
        assertThat(login("ann", "right")).isEqualTo(401);
    }

    @Test
    void aLockTellsNobodyWhoExists() {
        start(lockout(2, Duration.ZERO));
        user("ann", "right");
        user("bob", "right");
        patch(user("off", "right"), Map.of("enabled", false));
        for (String name : List.of("ann", "nobody")) {
            login(name, "wrong");
            login(name, "wrong");
        }
        record Seen(CountingTransactions.Work work, int status, Object body) {}
        List<Seen> seen = new ArrayList<>();
        for (List<String> one : List.of(
                List.of("ann", "right"),
                List.of("ann", "wrong"),
                List.of("bob", "wrong"),
                List.of("off", "right"),
                List.of("nobody", "right"))) {
            List<Answer> answers = new ArrayList<>();
            CountingTransactions.Work work =
                    transactions.during(() -> answers.add(cloud.login(one.get(0), one.get(1), null)));
            seen.add(new Seen(
                    work, answers.getFirst().status(), answers.getFirst().json()));
        }
        assertThat(seen).allSatisfy(each -> assertThat(each).isEqualTo(seen.getFirst()));
        assertThat(seen.getFirst().status()).isEqualTo(401);
        assertThat(seen.getFirst().work().writes()).isEqualTo(1);
    }

    @Test
    void whoDoesNotLogInForLongCountsAsDisabled() {
        start(inactivity(10));
        String ann = user("ann", "pw");
        user("exempt", "pw", "ignore_user_inactivity");
        clock.advance(Duration.ofDays(9));
        assertThat(login("ann", "pw")).isEqualTo(201);
        assertThat(login("admin", KeystoneServer.ADMIN_PASSWORD)).isEqualTo(201);
        clock.advance(Duration.ofDays(9));
        start(inactivity(10));
        assertThat(show(ann).json().at("/user/enabled").asBoolean()).isTrue();
        String token = cloud.token("ann", "pw", null);
        clock.advance(Duration.ofDays(9));
        start(inactivity(10));
        clock.advance(Duration.ofDays(1));
        admin = cloud.admin();
        assertThat(show(ann).json().at("/user/enabled").asBoolean()).isFalse();
        Answer refused = cloud.login("ann", "pw", null);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(message(refused)).isEqualTo(DENIED);
        assertThat(message(change(ann, "pw", "new"))).isEqualTo("The account is disabled for user: " + ann + ".");
        assertThat(cloud.validate(admin, token).status()).isEqualTo(404);
        assertThat(login("exempt", "pw")).isEqualTo(201);
        patch(ann, Map.of("enabled", true));
        assertThat(login("ann", "pw")).isEqualTo(201);
    }

    @Test
    void theServicesOwnUserIsNeverShutOut() {
        start(inactivity(1));
        clock.advance(Duration.ofDays(100));
        start(lockout(1, Duration.ZERO));
        start(inactivity(1));
        String token = cloud.keystone.peer().serviceToken();
        assertThat(cloud.validate(admin, token).status()).isEqualTo(200);
    }
}
