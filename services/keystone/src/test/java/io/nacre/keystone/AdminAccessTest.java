package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way in for an operator who has lost it. */
@EveryEngine(migrations = "db/keystone")
class AdminAccessTest {
    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock, "security_compliance.lockout_failure_attempts=1");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void restore(String user, String project, String role) {
        cloud.keystone.restore(new Keystone.Administrator(user, "found again", project, role));
        // What was issued within the second of a change of the password counts as issued before it.
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void whoIsDisabledLockedOutAndWithoutRolesGetsInAgain() {
        String admin = cloud.admin();
        String id = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        cloud.make(admin, "/v3/users", "user", Map.of("name", "other", "password", "pw"));
        cloud.login("admin", "wrong", null);
        assertThat(cloud.login("admin", KeystoneServer.ADMIN_PASSWORD, null).status())
                .isEqualTo(401);
        cloud.patch(admin, "/v3/users/" + id, Map.of("user", Map.of("enabled", false)));

        restore("admin", "admin", "admin");
        assertThat(cloud.login("admin", KeystoneServer.ADMIN_PASSWORD, null).status())
                .isEqualTo(401);
        restore("admin", "admin", "admin");
        assertThat(cloud.get(admin, "/v3/users").status()).isEqualTo(401);
        String again = cloud.token("admin", "found again", Map.of("system", Map.of("all", true)));
        assertThat(cloud.get(again, "/v3/users").each("users", "name")).contains("admin", "other");
        assertThat(cloud.get(again, "/v3/users?name=admin").each("users", "id")).containsExactly(id);
    }

    @Test
    void whatIsMissingIsMadeOnce() {
        restore("operator", "operations", "chief");
        restore("operator", "operations", "chief");
        assertThat(cloud.login("operator", "found again", KeystoneServer.project("operations"))
                        .json()
                        .at("/token/roles")
                        .findValuesAsString("name"))
                .containsExactly("chief");
        assertThat(cloud.get(cloud.admin(), "/v3/users").each("users", "name")).containsOnlyOnce("operator");
    }
}
