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
import tools.jackson.databind.JsonNode;

/** Passcodes, rules that ask for several methods, and receipts of what was proved on the way. */
@EveryEngine(migrations = "db/keystone")
class MultiFactorTest {
    private static final String RECEIPT = "Openstack-Auth-Receipt";

    /** Of the secret below at 2026-01-02T03:04:05Z, half a minute and a minute before. */
    private static final String NOW = "652348";

    private static final String BEFORE = "391022";
    private static final String LONG_BEFORE = "594060";

    @TempDir
    Path keys;

    private final MutableClock clock = MutableClock.fixed();
    private KeystoneServer cloud;
    private String admin;
    private String ann;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, clock);
        admin = cloud.admin();
        ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        cloud.make(
                admin,
                "/v3/credentials",
                "credential",
                Map.of("user_id", ann, "type", "totp", "blob", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private void rules(Object options) {
        Answer answer = cloud.patch(admin, "/v3/users/" + ann, Map.of("user", Map.of("options", options)));
        assertThat(answer.status()).isEqualTo(200);
    }

    private Map<String, ?> password(String password) {
        return Map.of("user", Map.of("id", ann, "password", password));
    }

    private Map<String, ?> passcode(String passcode) {
        return Map.of("user", Map.of("id", ann, "passcode", passcode));
    }

    private Answer login(Map<String, ?> identity, Map<String, String> headers) {
        return cloud.send("POST", "/v3/auth/tokens", null, KeystoneServer.auth(identity, null), headers);
    }

    private Answer byPassword() {
        return login(Map.of("methods", List.of("password"), "password", password("pw")), Map.of());
    }

    private Answer byPasscode(String passcode, Map<String, String> headers) {
        return login(Map.of("methods", List.of("totp"), "totp", passcode(passcode)), headers);
    }

    @Test
    void aPasscodeIsGoodForItsWindowAndTheNext() {
        Answer answer = byPasscode(NOW, Map.of());
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json().at("/token/methods/0").asString()).isEqualTo("totp");
        assertThat(cloud.validate(admin, answer.header("X-Subject-Token"))
                        .json()
                        .at("/token/methods/0")
                        .asString())
                .isEqualTo("totp");
        assertThat(byPasscode(BEFORE, Map.of()).status()).isEqualTo(201);
        assertThat(byPasscode(LONG_BEFORE, Map.of()).status()).isEqualTo(401);
        clock.advance(Duration.ofSeconds(30));
        assertThat(byPasscode(NOW, Map.of()).status()).isEqualTo(201);
        clock.advance(Duration.ofSeconds(30));
        assertThat(byPasscode(NOW, Map.of()).status()).isEqualTo(401);
    }

    @Test
    void aPasscodeOfNobodyIsRefusedLikeAWrongOne() {
        Answer wrong = byPasscode("000000", Map.of());
        Answer nobody = login(
                Map.of("methods", List.of("totp"), "totp", Map.of("user", Map.of("id", "nobody", "passcode", NOW))),
                Map.of());
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(nobody.json()).isEqualTo(wrong.json());
    }

    @Test
    void bothMethodsAtOnceAreEnough() {
        rules(Map.of("multi_factor_auth_rules", List.of(List.of("password", "totp"))));
        Answer answer = login(
                Map.of("methods", List.of("password", "totp"), "password", password("pw"), "totp", passcode(NOW)),
                Map.of());
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.response().body()).contains("password", "totp");
        assertThat(login(
                                Map.of(
                                        "methods",
                                        List.of("password", "totp"),
                                        "password",
                                        password("no"),
                                        "totp",
                                        passcode(NOW)),
                                Map.of())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aReceiptTellsWhatIsMissingAndCompletesTheLogin() {
        rules(Map.of("multi_factor_auth_rules", List.of(List.of("password", "totp"), List.of("token", "elsewhere"))));
        Answer first = byPassword();
        assertThat(first.status()).isEqualTo(401);
        assertThat(first.header("X-Subject-Token")).isEmpty();
        JsonNode receipt = first.json().get("receipt");
        assertThat(receipt.get("methods").get(0).asString()).isEqualTo("password");
        assertThat(receipt.at("/user/id").asString()).isEqualTo(ann);
        assertThat(receipt.at("/user/domain/name").asString()).isEqualTo("Default");
        assertThat(receipt.get("issued_at").asString()).isEqualTo("2026-01-02T03:04:05.000000Z");
        assertThat(receipt.get("expires_at").asString()).isEqualTo("2026-01-02T03:09:05.000000Z");
        assertThat(first.json().get("required_auth_methods").toString()).isEqualTo("[[\"password\",\"totp\"]]");

        Map<String, String> shown = Map.of(RECEIPT, first.header(RECEIPT));
        Answer second = byPasscode(NOW, shown);
        assertThat(second.status()).isEqualTo(201);
        assertThat(cloud.validate(admin, second.header("X-Subject-Token")).status())
                .isEqualTo(200);
        assertThat(byPasscode("000000", shown).status()).isEqualTo(401);
        assertThat(cloud.validate(admin, first.header(RECEIPT)).status()).isEqualTo(404);
    }

    @Test
    void aReceiptIsNoneForOthersOrForLong() {
        rules(Map.of("multi_factor_auth_rules", List.of(List.of("password", "totp"))));
        Map<String, String> shown = Map.of(RECEIPT, byPassword().header(RECEIPT));
        cloud.make(admin, "/v3/users", "user", Map.of("name", "bob", "password", "pw"));
        Map<String, ?> bob = Map.of("name", "bob", "password", "pw", "domain", Map.of("id", "default"));
        assertThat(login(Map.of("methods", List.of("password"), "password", Map.of("user", bob)), shown)
                        .status())
                .isEqualTo(401);
        assertThat(byPasscode(NOW, Map.of(RECEIPT, admin)).status()).isEqualTo(401);
        clock.advance(Duration.ofMinutes(5));
        Answer late = login(Map.of("methods", List.of("password"), "password", password("pw")), shown);
        assertThat(late.json().has("receipt")).isFalse();
        assertThat(late.status()).isEqualTo(401);
    }

    @Test
    void rulesCountOnlyWhileTheyAreOnAndNameMethodsThatExist() {
        rules(Map.of(
                "multi_factor_auth_enabled", false, "multi_factor_auth_rules", List.of(List.of("password", "totp"))));
        assertThat(byPassword().status()).isEqualTo(201);
        rules(Map.of("multi_factor_auth_enabled", true));
        assertThat(byPassword().status()).isEqualTo(401);
        rules(Map.of("multi_factor_auth_rules", List.of(List.of("password", "elsewhere"))));
        assertThat(byPassword().status()).isEqualTo(201);
    }
}
