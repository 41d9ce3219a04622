package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cloud whose tokens are signed. */
@EveryEngine(migrations = "db/keystone")
class JwsTokensTest {
    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private Database database;
    private KeystoneServer cloud;

    @BeforeEach
    void start(Database given) {
        database = given;
        cloud = new KeystoneServer(database, keys, clock, "token_provider=jws");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void aTokenIsSignedAndGoodUntilItEndsOrIsRevoked() {
        String admin = cloud.admin();
        assertThat(admin).matches("ey[\\w-]+\\.ey[\\w-]+\\.[\\w-]{86}");
        Answer told = cloud.validate(cloud.systemAdmin(), admin);
        assertThat(told.json().at("/token/project/name").asString()).isEqualTo("admin");
        assertThat(told.json().at("/token/methods/0").asString()).isEqualTo("password");

        Map<String, ?> again = Map.of("methods", List.of("token"), "token", Map.of("id", admin));
        Answer other =
                cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(again, KeystoneServer.project("service")));
        assertThat(other.status()).isEqualTo(401);
        Answer same = cloud.post(null, "/v3/auth/tokens", KeystoneServer.auth(again, KeystoneServer.project("admin")));
        assertThat(same.json().at("/token/audit_ids")).hasSize(2);

        char last = admin.charAt(admin.length() - 40);
        String forged = admin.substring(0, admin.length() - 40)
                + (last == 'A' ? 'B' : 'A')
                + admin.substring(admin.length() - 39);
        assertThat(cloud.get(forged, "/v3/users").status()).isEqualTo(401);
        assertThat(cloud.validate(admin, forged).status()).isEqualTo(404);

        Answer revoked = cloud.send("DELETE", "/v3/auth/tokens", admin, null, Map.of("X-Subject-Token", admin));
        assertThat(revoked.status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/users").status()).isEqualTo(401);

        String next = cloud.admin();
        clock.advance(Duration.ofMinutes(61));
        assertThat(cloud.get(next, "/v3/users").status()).isEqualTo(401);
    }

    @Test
    void aTokenOutlivesARotationAndThePairsThatAreLeftSayHowMany() {
        String admin = cloud.admin();
        cloud.keystone.rotateKeys();
        String next = cloud.admin();
        try (KeystoneServer other = new KeystoneServer(database, keys, clock, "token_provider=jws")) {
            assertThat(other.get(admin, "/v3/users").status()).isEqualTo(200);
            assertThat(other.get(next, "/v3/users").status()).isEqualTo(200);
        }
        cloud.keystone.rotateKeys();
        try (KeystoneServer other = new KeystoneServer(database, keys, clock, "token_provider=jws")) {
            assertThat(other.get(admin, "/v3/users").status()).isEqualTo(401);
            assertThat(other.get(next, "/v3/users").status()).isEqualTo(200);
        }
    }

    @Test
    void tokensOfTheOtherKindAreNone() {
        String signed = cloud.admin();
        try (KeystoneServer other = new KeystoneServer(database, keys, clock)) {
            String sealed = other.admin();
            assertThat(other.get(signed, "/v3/users").status()).isEqualTo(401);
            assertThat(cloud.get(sealed, "/v3/users").status()).isEqualTo(401);
        }
    }
}
