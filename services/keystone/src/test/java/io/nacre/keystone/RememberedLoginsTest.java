package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.CountingTransactions;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one controller remembers of logins, while another changes what they depend on. */
@EveryEngine(migrations = "db/keystone")
class RememberedLoginsTest {
    private static final Map<String, ?> BLUE = KeystoneServer.project("blue");

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private CountingTransactions counted;
    private KeystoneServer here;
    private KeystoneServer there;
    private String admin;
    private String ann;
    private String blue;
    private String member;

    @BeforeEach
    void start(Database database) {
        counted = new CountingTransactions(database);
        here = new KeystoneServer(counted, keys, clock, "revocation_poll=250ms");
        there = new KeystoneServer(database, keys, clock, "revocation_poll=250ms");
        admin = there.admin();
        blue = there.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        ann = there.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "ann-secret"));
        member = there.role(admin, "member");
        there.grant(admin, blue, ann, member);
    }

    @AfterEach
    void stop() {
        here.close();
        there.close();
    }

    private int password() {
        return here.login("ann", "ann-secret", BLUE).status();
    }

    private Answer robot(Answer credential) {
        Map<String, Object> proof = Map.of("id", credential.id("application_credential"), "secret", "robot-secret");
        return here.post(
                null,
                "/v3/auth/tokens",
                KeystoneServer.auth(
                        Map.of("methods", List.of("application_credential"), "application_credential", proof), null));
    }

    private Answer lend(Map<String, ?> more) {
        Map<String, Object> wanted = new HashMap<>(Map.of("name", "robot", "secret", "robot-secret"));
        wanted.putAll(more);
        Answer made = there.post(
                there.token("ann", "ann-secret", BLUE),
                "/v3/users/" + ann + "/application_credentials",
                Map.of("application_credential", wanted));
        assertThat(made.status()).isEqualTo(201);
        return made;
    }

    private Answer byToken(String token) {
        return here.post(
                null,
                "/v3/auth/tokens",
                KeystoneServer.auth(Map.of("methods", List.of("token"), "token", Map.of("id", token)), BLUE));
    }

    private void change(String path, String envelope, Map<String, ?> attributes) {
        clock.advance(Duration.ofMillis(1));
        Answer changed = there.patch(admin, path, Map.of(envelope, attributes));
        assertThat(changed.status()).isEqualTo(200);
    }

    /** Each login only asks whether anything has changed since the last. */
    private void assertCheap(Supplier<Answer> login) {
        for (int i = 0; i < 2; i++) {
            assertThat(login.get().status()).isEqualTo(201);
        }
        CountingTransactions.Work work =
                counted.during(() -> assertThat(login.get().status()).isEqualTo(201));
        assertThat(work).isEqualTo(new CountingTransactions.Work(1, 0));
    }

    @Test
    void whoComesAgainIsNotLookedUpAgain() {
        assertCheap(() -> here.login("ann", "ann-secret", BLUE));
        String token = here.token("ann", "ann-secret", BLUE);
        assertCheap(() -> byToken(token));
        Answer credential = lend(Map.of());
        assertCheap(() -> robot(credential));
    }

    @Test
    void anOldPasswordEndsAtOnceEverywhere() {
        assertThat(password()).isEqualTo(201);
        assertThat(password()).isEqualTo(201);
        change("/v3/users/" + ann, "user", Map.of("password", "new-secret"));
        assertThat(password()).isEqualTo(401);
        clock.advance(Duration.ofMillis(1));
        String token = here.token("ann", "new-secret", BLUE);
        assertThat(there.validate(admin, token).status()).isEqualTo(200);
    }

    @Test
    void aTokenOfAPasswordThatIsChangedMeanwhileIsOver() {
        assertThat(password()).isEqualTo(201);
        change("/v3/projects/" + blue, "project", Map.of("description", "what is remembered ends"));
        int reads = counted.during(this::password).reads();
        assertThat(reads).isGreaterThan(3);
        for (int read = 1; read <= reads; read++) {
            String before = "secret " + (read - 1);
            String after = "secret " + read;
            change("/v3/users/" + ann, "user", Map.of("password", before));
            clock.advance(Duration.ofMillis(1));
            counted.before(read, () -> {
                change("/v3/users/" + ann, "user", Map.of("password", after));
                clock.advance(Duration.ofMillis(1));
            });
            Answer login = here.login("ann", before, BLUE);
            clock.advance(Duration.ofMillis(250));
            if (login.status() == 201) {
                String token = login.header("X-Subject-Token");
                assertThat(here.validate(admin, token).status())
                        .as("read " + read)
                        .isEqualTo(404);
                assertThat(there.validate(admin, token).status())
                        .as("read " + read)
                        .isEqualTo(404);
            }
            assertThat(here.login("ann", after, BLUE).status()).isEqualTo(201);
        }
    }

    @Test
    void whoIsDisabledOrHasLostTheirRolesGetsNoTokenAnywhere() {
        String token = here.token("ann", "ann-secret", BLUE);
        Answer credential = lend(Map.of());
        assertThat(robot(credential).status()).isEqualTo(201);
        assertThat(byToken(token).status()).isEqualTo(201);
        String grant = "/v3/projects/" + blue + "/users/" + ann + "/roles/" + member;
        assertThat(there.delete(admin, grant).status()).isEqualTo(204);
        assertThat(password()).isEqualTo(401);
        assertThat(robot(credential).status()).isEqualTo(404);
        assertThat(byToken(token).status()).isIn(401, 404);

        there.grant(admin, blue, ann, member);
        assertThat(password()).isEqualTo(201);
        change("/v3/users/" + ann, "user", Map.of("enabled", false));
        assertThat(password()).isEqualTo(401);
    }

    @Test
    void namesAreThoseOfNow() {
        assertThat(password()).isEqualTo(201);
        change("/v3/projects/" + blue, "project", Map.of("name", "green"));
        assertThat(password()).isEqualTo(401);
        assertThat(here.login("ann", "ann-secret", KeystoneServer.project("green"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whoIsMadeAfterAFailedLoginCanLogIn() {
        Map<String, ?> red = KeystoneServer.project("red");
        assertThat(here.login("bob", "bob-secret", red).status()).isEqualTo(401);
        String bob = there.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "bob-secret"));
        assertThat(here.login("bob", "bob-secret", red).status()).isEqualTo(401);
        there.grant(admin, there.make(admin, "/v3/projects", "project", Map.of("name", "red")), bob, member);
        assertThat(here.login("bob", "bob-secret", red).status()).isEqualTo(201);
    }

    @Test
    void theCatalogIsThatOfNow() {
        assertThat(password()).isEqualTo(201);
        there.make(admin, "/v3/services", "service", Map.of("name", "swift", "type", "object-store"));
        assertThat(here.login("ann", "ann-secret", BLUE)
                        .json()
                        .at("/token/catalog")
                        .toString())
                .contains("object-store");
    }

    @Test
    void whatEndsByItselfEnds() {
        Answer credential = lend(Map.of("expires_at", "2026-01-02T03:04:35"));
        assertThat(robot(credential).json().at("/token/expires_at").asString())
                .isEqualTo("2026-01-02T03:04:35.000000Z");
        clock.advance(Duration.ofSeconds(30));
        assertThat(robot(credential).status()).isEqualTo(401);
    }

    @Test
    void theFirstLoginOfEachDayIsNoted() {
        assertThat(password()).isEqualTo(201);
        clock.advance(Duration.ofDays(1));
        admin = there.admin();
        CountingTransactions.Work work =
                counted.during(() -> assertThat(password()).isEqualTo(201));
        assertThat(work.writes()).isEqualTo(1);
        assertThat(counted.during(this::password).writes()).isZero();
    }
}
