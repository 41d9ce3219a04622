package io.nacre.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.FaultException;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.keystone.Keystone;
import io.nacre.keystone.KeystoneConfig;
import io.nacre.keystone.fernet.KeyRepository;
import io.nacre.keystone.jws.JwsKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import picocli.CommandLine;

@ResourceLock(Resources.SYSTEM_OUT)
class KeystoneCommandTest {
    @TempDir
    Path state;

    private KeystoneConfig config;

    @BeforeEach
    void makeKeys() {
        config = KeystoneConfig.defaults(state.resolve("keystone"));
        for (Path keys : List.of(config.tokenKeys(), config.receiptKeys(), config.credentialKeys())) {
            assertThat(new KeyRepository(keys, 3, new Random(1), InstantSource.system()).all())
                    .hasSize(2);
        }
    }

    private Outcome keystone(String... words) {
        return Outcome.of(new KeystoneCommand(), state, words);
    }

    @Test
    void aRotationMakesAThirdKeyAndTheDoctorIsContent() throws IOException {
        assertThat(keystone("fernet", "rotate").status()).isZero();
        assertThat(config.tokenKeys().resolve("2")).exists();
        assertThat(config.receiptKeys().resolve("2")).exists();
        assertThat(config.credentialKeys().resolve("2")).doesNotExist();
        assertThat(keystone("doctor")).isEqualTo(new Outcome(0, """
                ok  Keys of tokens
                ok  Keys of receipts
                ok  Keys of credentials
                ok  Policy
                """));
    }

    @Test
    void keyPairsRotateWhereTokensAreSigned() throws IOException {
        assertThat(keystone("jws", "rotate").status()).isEqualTo(1);
        Path pairs = state.resolve("keystone/jws-keys");
        new JwsKeys(pairs, 3, InstantSource.system());
        Files.writeString(state.resolve("nacre.toml"), "[keystone]\ntoken_provider = \"jws\"\n");
        assertThat(keystone("jws", "rotate")).isEqualTo(new Outcome(0, "Rotated " + pairs + "\n"));
        assertThat(pairs.resolve("public/2.pem")).exists();
        assertThat(keystone("fernet", "rotate").text()).isEqualTo("Rotated " + config.receiptKeys() + "\n");
        assertThat(keystone("doctor").status()).isZero();
        Files.delete(pairs.resolve("public/2.pem"));
        Files.writeString(pairs.resolve("public/1.pem"), "nonsense");
        assertThat(keystone("doctor").text()).contains("BAD Keys of tokens", "public/1.pem holds no key");
    }

    @Test
    void theDoctorFindsOpenKeysAndRulesThatMeanNothing() throws IOException {
        Files.setPosixFilePermissions(config.tokenKeys().resolve("1"), PosixFilePermissions.fromString("rw-r--r--"));
        Path policy = Files.createDirectories(state.resolve("policy")).resolve("keystone.yaml");
        Files.writeString(policy, "\"identity:get_usr\": \"@\"\n");
        Outcome outcome = keystone("doctor");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text()).contains("BAD Keys of tokens", "fernet-keys/1 is open", "BAD Policy", "get_usr");

        Files.writeString(policy, "\"identity:get_user\": \"role:\"\nnot a rule");
        assertThat(keystone("doctor").text()).contains("BAD Policy", "line 2");
    }

    @Test
    void theDoctorAsksTheDirectoriesOfDomains() throws IOException {
        String[] words = {"doctor", "-o", "keystone.identity.domain_specific_drivers_enabled=true"};
        assertThat(keystone(words).text()).contains("BAD Directories of domains", "There is no database");

        try (Database database =
                Database.open(DatabaseConfig.file(state.resolve("nacre.db")), List.of(Keystone.MIGRATIONS))) {
            assertThat(database.engine()).isEqualTo(DatabaseConfig.Engine.SQLITE);
        }
        assertThat(keystone(words).text()).contains("ok  Directories of domains");
        Path files = Files.createDirectories(config.identity().domainConfigDir());
        Files.writeString(files.resolve("keystone.acme.conf"), "[identity]\ndriver = ldap\n");
        Outcome outcome = keystone(words);
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.text()).contains("No domain is called acme");
    }

    @Test
    void aPurgeSaysWhatItForgets() {
        for (List<String> words : List.of(
                List.<String>of(),
                List.of("--all", "--type", "user"),
                List.of("--type", "project"),
                List.of("--domain-name", "nowhere"))) {
            List<String> all = new ArrayList<>(List.of("mapping", "purge"));
            all.addAll(words);
            assertThat(keystone(all.toArray(String[]::new)).status())
                    .as(words.toString())
                    .isEqualTo(1);
        }
        assertThat(keystone("mapping", "purge", "--all"))
                .isEqualTo(new Outcome(0, "Forgot 0 users and groups of directories\n"));
    }

    @Test
    void scopesCountUnlessTheOperatorSaysOtherwise() throws IOException {
        String[] byDomain = {"policy", "check", "--role", "admin", "--domain", "d", "identity:create_endpoint"};
        assertThat(keystone(byDomain).text()).startsWith("refused").contains("scope");
        List<String> lax = new ArrayList<>(List.of(byDomain));
        lax.addAll(List.of("-o", "policy.enforce_scope=false"));
        assertThat(keystone(lax.toArray(String[]::new)).text()).startsWith("allowed");
    }

    @Test
    void whoMayDoWhatIsSaidWithTheReason() throws IOException {
        assertThat(keystone("policy", "show", "identity:get_user").text())
                .startsWith("\"identity:get_user\": \"(rule:admin_required or ")
                .endsWith("# scope domain, project, system\n");
        assertThat(keystone("policy", "check", "--role", "admin", "--system", "identity:get_user")
                        .text())
                .startsWith("allowed  identity:get_user\n  yes  (rule:admin_required or ");
        assertThat(keystone("policy", "check", "--role", "member", "--project", "p", "identity:get_user")
                        .text())
                .startsWith("refused")
                .contains("no   user_id:%(target.user.id)s  (the target has no target.user.id)");
        assertThat(keystone(
                                "policy",
                                "check",
                                "--role",
                                "reader",
                                "--user",
                                "u",
                                "--project",
                                "p",
                                "--target",
                                "target.user.id=u",
                                "identity:get_user")
                        .text())
                .startsWith("allowed");
        assertThat(keystone("policy", "check", "--role", "reader", "--project", "p")
                        .text())
                .contains("refused  identity:create_user\n");

        Path policy = Files.createDirectories(state.resolve("policy")).resolve("keystone.yaml");
        Files.writeString(policy, "\"identity:create_user\": \"role:reader\"\n");
        assertThat(keystone("policy", "show", "create_user").text()).contains("role:reader", "overridden");
        assertThat(keystone("policy", "check", "--role", "reader", "--project", "p")
                        .text())
                .contains("allowed  identity:create_user\n");
    }

    @Test
    void aStateThatIsNoneIsNamed() {
        state = state.resolve("elsewhere");
        OfflineCommand rotate = new KeystoneCommand.RotateFernet();
        new CommandLine(rotate).parseArgs("--state", state.toString());
        assertThatThrownBy(rotate::call).isInstanceOf(FaultException.class).hasMessageContaining("elsewhere");
    }
}
