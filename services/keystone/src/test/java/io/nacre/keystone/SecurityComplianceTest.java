package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.keystone.password.ComplianceConfig;
import io.nacre.testkit.EveryEngine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What [keystone.security_compliance] asks of passwords, and the options of users that exempt them. */
@EveryEngine(migrations = "db/keystone")
class SecurityComplianceTest extends ComplianceCloud {
    private static final String DENIED = "The request you have made requires authentication.";

    private static String[] expiry(int days) {
        return set("password_expires_days=" + days);
    }

    private static String[] history(int unique) {
        return set("unique_last_password_count=" + unique);
    }

    private static String[] age(int days) {
        return set("minimum_password_age=" + days);
    }

    private static String[] strength() {
        return set("password_regex=^(?=.*\\d)(?=.*[a-zA-Z]).{7,}$", "password_regex_description=seven with a digit");
    }

    private static String[] firstUse() {
        return set("change_password_upon_first_use=true");
    }

    @Test
    void aPasswordExpiresAndCanBeChangedAllTheSame() {
        start(expiry(30));
        String ann = user("ann", "old");
        assertThat(show(ann).json().at("/user/password_expires_at").asString()).isEqualTo("2026-02-01T03:04:05.000000");
        clock.advance(Duration.ofDays(30).minusSeconds(1));
        assertThat(login("ann", "old")).isEqualTo(201);
        clock.advance(Duration.ofSeconds(1));
        Answer refused = cloud.login("ann", "old", null);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(message(refused))
                .isEqualTo("The password is expired and needs to be changed for user: " + ann + ".");
        assertThat(message(cloud.login("ann", "wrong", null))).isEqualTo(DENIED);
        assertThat(change(ann, "wrong", "new").status()).isEqualTo(401);
        assertThat(change(ann, "old", "new").status()).isEqualTo(204);
        assertThat(login("ann", "new")).isEqualTo(201);
        assertThat(cloud.login("ann", "new", null)
                        .json()
                        .at("/token/user/password_expires_at")
                        .asString())
                .isEqualTo("2026-03-03T03:04:05.000000");
    }

    @Test
    void whoIsExemptFromExpiryKeepsAPassword() {
        start();
        start(expiry(30));
        String ann = user("ann", "old", "ignore_password_expiry");
        assertThat(show(ann).json().at("/user/password_expires_at").isNull()).isTrue();
        String bob = user("bob", "old");
        clock.advance(Duration.ofDays(31));
        start(expiry(300));
        assertThat(login("ann", "old")).isEqualTo(201);
        assertThat(login("bob", "old")).isEqualTo(401);
        patch(bob, Map.of("options", Map.of("ignore_password_expiry", true)));
        assertThat(login("bob", "old")).isEqualTo(201);
    }

    @Test
    void usersAreFoundByWhenTheirPasswordsExpire() {
        start(expiry(30));
        user("forever", "pw", "ignore_password_expiry");
        user("early", "pw");
        clock.advance(Duration.ofDays(1));
        admin = cloud.admin();
        String late = user("late", "pw");
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "g"));
        assertThat(cloud.put(admin, "/v3/groups/" + group + "/users/" + late, null)
                        .status())
                .isEqualTo(204);
        String day = "2026-02-02T03:04:05Z";
        Map<String, List<String>> expected = Map.of(
                "password_expires_at=" + day, List.of("late"),
                "password_expires_at=eq:" + day, List.of("late"),
                "password_expires_at=neq:" + day, List.of("admin", "early"),
                "password_expires_at=lt:" + day, List.of("admin", "early"),
                "password_expires_at=lte:" + day, List.of("admin", "early", "late"),
                "password_expires_at=gt:" + day, List.of(),
                "password_expires_at=gte:" + day, List.of("late"),
                "password_expires_at=gt:2026-02-01T00:00:00Z&password_expires_at=lt:" + day, List.of("admin", "early"),
                "password_expires_at=gte:" + day + "&name__istartswith=EA", List.of());
        assertThat(expected)
                .allSatisfy((query, names) -> assertThat(
                                cloud.get(admin, "/v3/users?" + query).each("users", "name"))
                        .as(query)
                        .isEqualTo(names));
        assertThat(cloud.get(admin, "/v3/groups/" + group + "/users?password_expires_at=lt:" + day)
                        .each("users", "name"))
                .isEmpty();
        Answer operator = cloud.get(admin, "/v3/users?password_expires_at=xx:" + day);
        assertThat(operator.status()).isEqualTo(400);
        assertThat(message(operator))
                .isEqualTo("The given operator xx is not valid. It must be one of the following: 'eq', 'neq', 'lt',"
                        + " 'lte', 'gt', or 'gte'.");
        Answer stamp = cloud.get(admin, "/v3/users?password_expires_at=lt:soon");
        assertThat(stamp.status()).isEqualTo(400);
        assertThat(message(stamp)).startsWith("Timestamp not in expected format.");
    }

    @Test
    void aPasswordIsNotUsedAgainSoon() {
        start(history(3));
        String ann = user("ann", "one");
        assertThat(change(ann, "one", "two").status()).isEqualTo(204);
        assertThat(change(ann, "two", "three").status()).isEqualTo(204);
        start(history(3));
        for (String used : List.of("one", "two", "three")) {
            Answer refused = change(ann, "three", used);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(message(refused))
                    .isEqualTo("The new password cannot be identical to a previous password. The total number which"
                            + " includes the new password must be unique is 3.");
        }
        assertThat(change(ann, "three", "four").status()).isEqualTo(204);
        assertThat(change(ann, "four", "one").status()).isEqualTo(204);
        // An administrator may give any password; it counts from then on.
        patch(ann, Map.of("password", "four"));
        assertThat(change(ann, "four", "one").status()).isEqualTo(400);
    }

    @Test
    void earlierPasswordsAreForgottenWhenNobodyAsksForThem() {
        start(history(3));
        String ann = user("ann", "one");
        change(ann, "one", "two");
        start();
        assertThat(change(ann, "two", "two").status()).isEqualTo(204);
        start(history(3));
        assertThat(change(ann, "two", "one").status()).isEqualTo(204);
    }

    @Test
    void aPasswordThatAUserChoseHasToBeKeptForSomeDays() {
        start(age(2));
        String ann = user("ann", "given");
        assertThat(change(ann, "given", "chosen").status()).isEqualTo(204);
        clock.advance(Duration.ofMinutes(10));
        Answer refused = change(ann, "chosen", "another");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(message(refused))
                .isEqualTo("You cannot change your password at this time due to the minimum password age. Once you"
                        + " change your password, it must be used for 2 day(s) before it can be changed. Please try"
                        + " again in 1 day(s) or contact your administrator to reset your password.");
        patch(ann, Map.of("password", "reset"));
        assertThat(change(ann, "reset", "chosen").status()).isEqualTo(204);
        clock.advance(Duration.ofDays(2));
        start(age(2));
        assertThat(change(ann, "chosen", "another").status()).isEqualTo(204);
    }

    @Test
    void aNewPasswordHasToBeStrong() {
        start(strength());
        for (String weak : List.of("short1", "1234567", "abcdefgh", "")) {
            Answer refused = cloud.post(admin, "/v3/users", Map.of("user", Map.of("name", "ann", "password", weak)));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(message(refused)).isEqualTo("The password does not match the requirements: seven with a digit.");
        }
        Answer none = cloud.post(admin, "/v3/users", "{\"user\": {\"name\": \"ann\", \"password\": null}}");
        assertThat(message(none)).isEqualTo("Password validation error: Password must be a string type.");
        String ann = user("ann", "longer1");
        assertThat(cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("password", "weak")))
                        .status())
                .isEqualTo(400);
        assertThat(change(ann, "longer1", "weak").status()).isEqualTo(400);
        assertThat(change(ann, "longer1", "pässword2").status()).isEqualTo(204);
        cloud.make(admin, "/v3/users", "user", Map.of("name", "without"));
    }

    @Test
    void aPasswordGivenByAnotherHasToBeChangedFirst() {
        start();
        String before = admin;
        start(firstUse());
        admin = before;
        String ann = user("ann", "given");
        String exempt = user("exempt", "given", "ignore_change_password_upon_first_use");
        assertThat(login("exempt", "given")).isEqualTo(201);
        assertThat(message(cloud.login("ann", "given", null)))
                .isEqualTo("The password is expired and needs to be changed for user: " + ann + ".");
        assertThat(change(ann, "given", "chosen").status()).isEqualTo(204);
        assertThat(login("ann", "chosen")).isEqualTo(201);
        patch(ann, Map.of("password", "given again"));
        assertThat(login("ann", "given again")).isEqualTo(401);
        assertThat(show(exempt).json().at("/user/password_expires_at").isNull()).isTrue();
    }

    @Test
    void aLockedPasswordIsChangedByAnAdministratorAlone() {
        start();
        String ann = user("ann", "given", "lock_password");
        Answer refused = change(ann, "given", "chosen");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(message(refused))
                .isEqualTo("You cannot change your password at this time due to password policy disallowing password"
                        + " changes. Please contact your administrator to reset your password.");
        patch(ann, Map.of("password", "reset"));
        assertThat(login("ann", "reset")).isEqualTo(201);
    }

    @Test
    void settingsThatCannotBeMeantAreRefused() {
        assertThatThrownBy(() -> new ComplianceConfig(0, Duration.ZERO, 0, 0, 0, 0, "(", "", false))
                .hasMessageContaining("password_regex");
        assertThatThrownBy(() -> new ComplianceConfig(0, Duration.ZERO, 0, 5, 0, 5, "", "", false))
                .hasMessageContaining("minimum_password_age");
        assertThatThrownBy(() -> new ComplianceConfig(-1, Duration.ZERO, 0, 0, 0, 0, "", "", false))
                .hasMessageContaining("negative");
    }
}
