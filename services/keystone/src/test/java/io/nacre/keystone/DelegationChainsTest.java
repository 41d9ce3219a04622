package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.keystone.Derived.Kind;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.keystone.trust.TrustStore;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is derived from whatever, and whatever becomes of those in between, never exceeds what it came from. */
@EveryEngine(migrations = "db/keystone")
class DelegationChainsTest {
    private static final int WALKS = Integer.getInteger("nacre.walks", 34_000);

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private Database database;
    private KeystoneServer cloud;

    @BeforeEach
    void start(Database engine) {
        database = engine;
        cloud = new KeystoneServer(database, keys, clock);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void nothingDerivedExceedsItsSource() {
        long seed = Long.getLong("nacre.seed", new Random().nextLong());
        DelegationChains chains = new DelegationChains(cloud, clock, seed);
        while (chains.walks() < WALKS) {
            chains.step();
        }
        assertThat(chains.excesses()).as("seed " + seed).isEmpty();
        assertThat(chains.good())
                .as("seed " + seed + ": most walks end at something that is good")
                .isGreaterThan(WALKS / 3);
        assertThat(chains.removed()).as("seed " + seed).isGreaterThan(WALKS / 2000);
        assertThat(chains.deepest()).as("seed " + seed).isGreaterThanOrEqualTo(5);
        assertThat(chains.made().keySet()).as("seed " + seed).containsExactlyInAnyOrder(Kind.values());
    }

    private String blue;
    private String ann;
    private String bob;

    /** Two users, of whom ann is a member of a project. */
    private String people() {
        String admin = cloud.admin();
        blue = cloud.make(admin, "/v3/projects", "project", Map.of("name", "blue"));
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        bob = cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw"));
        cloud.grant(admin, blue, ann, cloud.role(admin, "member"));
        return admin;
    }

    private Answer credential(String token, Map<String, ?> more) {
        Map<String, Object> wish = new HashMap<>(Map.of("name", "robot", "secret", "hush"));
        wish.putAll(more);
        return cloud.post(
                token, "/v3/users/" + ann + "/application_credentials", Map.of("application_credential", wish));
    }

    private Answer byCredential(Answer made) {
        Map<String, ?> proof = Map.of("id", made.id("application_credential"), "secret", "hush");
        return cloud.post(
                null,
                "/v3/auth/tokens",
                KeystoneServer.auth(
                        Map.of("methods", List.of("application_credential"), "application_credential", proof), null));
    }

    private Answer trust(String token, Map<String, ?> more) {
        Map<String, Object> wish = new HashMap<>(Map.of(
                "trustor_user_id", ann,
                "trustee_user_id", bob,
                "project_id", blue,
                "impersonation", true,
                "roles", List.of(Map.of("name", "reader"))));
        wish.putAll(more);
        return cloud.post(token, "/v3/OS-TRUST/trusts", Map.of("trust", wish));
    }

    @Test
    void aTrustMadeWithAnApplicationCredentialStaysWithinIt() {
        people();
        String end = "2026-01-02T03:14:05.000000Z";
        Map<String, ?> wish =
                Map.of("unrestricted", true, "expires_at", end, "roles", List.of(Map.of("name", "reader")));
        Answer made = credential(cloud.token("ann", "pw", KeystoneServer.project("blue")), wish);
        String robot = byCredential(made).header("X-Subject-Token");
        assertThat(trust(robot, Map.of("expires_at", end, "roles", List.of(Map.of("name", "member"))))
                        .status())
                .isEqualTo(403);
        assertThat(trust(robot, Map.of()).status()).isEqualTo(403);
        assertThat(trust(robot, Map.of("expires_at", end)).status()).isEqualTo(201);
    }

    @Test
    void anApplicationCredentialMadeWithATrustEndsWithIt() {
        String admin = people();
        String ann = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        String trust =
                trust(ann, Map.of("expires_at", "2026-01-02T03:24:05.000000Z")).id("trust");
        String lent = cloud.token("bob", "pw", Map.of("OS-TRUST:trust", Map.of("id", trust)));
        Answer made = credential(lent, Map.of());
        assertThat(made.json().at("/application_credential/expires_at").asString())
                .isEqualTo("2026-01-02T03:24:05.000000");
        String robot = byCredential(made).header("X-Subject-Token");
        assertThat(cloud.validate(admin, robot).status()).isEqualTo(200);
        cloud.delete(ann, "/v3/OS-TRUST/trusts/" + trust);
        assertThat(cloud.validate(admin, robot).status()).isEqualTo(404);
        assertThat(byCredential(made).status()).isEqualTo(401);
    }

    @Test
    void aTrustThatEndedLongAgoIsRemoved() {
        people();
        String token = cloud.token("ann", "pw", KeystoneServer.project("blue"));
        Map<String, ?> parent = Map.of("expires_at", "2026-01-02T03:14:05.000000Z", "allow_redelegation", true);
        String brief = trust(token, parent).id("trust");
        String lent = cloud.token("bob", "pw", Map.of("OS-TRUST:trust", Map.of("id", brief)));
        String second = trust(lent, Map.of()).id("trust");
        String lasting = trust(token, Map.of()).id("trust");
        clock.advance(Duration.ofHours(47));
        assertThat(kept(brief, second, lasting)).containsExactly(brief, second, lasting);
        clock.advance(Duration.ofHours(2));
        assertThat(kept(brief, second, lasting)).containsExactly(lasting);
        assertThat(cloud.get(cloud.admin(), "/v3/OS-TRUST/trusts").each("trusts", "id"))
                .containsExactly(lasting);
    }

    /** Those of the trusts that are still there after the reconcilers have run. */
    private List<String> kept(String... trusts) {
        cloud.keystone.reconcilers().forEach(Reconciler::run);
        TrustStore store = new TrustStore(clock);
        return Stream.of(trusts)
                .filter(id -> database.read(tx -> store.findUsed(tx, id)).isPresent())
                .toList();
    }
}
