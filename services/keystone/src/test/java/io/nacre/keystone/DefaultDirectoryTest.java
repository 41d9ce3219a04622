package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Digests;
import io.nacre.base.FaultException;
import io.nacre.database.Database;
import io.nacre.keystone.directory.IdMappingStore.Kind;
import io.nacre.keystone.directory.Purge;
import io.nacre.testkit.EveryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory for the default domain, and identifiers of directories that are forgotten. */
@EveryEngine(migrations = "db/keystone")
class DefaultDirectoryTest {
    @TempDir
    Path keys;

    private AcmeDomain domain;

    @BeforeEach
    void start(Database database) {
        domain = new AcmeDomain(database, keys);
    }

    @AfterEach
    void stop() {
        domain.close();
    }

    private Path keystoneConf(String driver) {
        StringBuilder text =
                new StringBuilder("[token]\nprovider = fernet\n[identity]\ndriver = " + driver + "\n[ldap]\n");
        domain.settings(Map.of())
                .forEach((name, value) ->
                        text.append(name).append(" = ").append(value).append('\n'));
        try {
            return Files.writeString(keys.resolve("keystone.conf"), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theOriginalsSettingsAreThoseOfTheDefaultDomain() {
        domain.restart("identity.config_file=" + keystoneConf("ldap"));
        KeystoneServer cloud = domain.cloud;
        assertThat(cloud.login("ann", "pw of u1", null)
                        .json()
                        .at("/token/user/id")
                        .asString())
                .isEqualTo(Digests.hex("SHA-256", "defaultuseru1"));
        assertThat(cloud.login("ann", "pw of u2", null).status()).isEqualTo(401);
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(401);
        // Whoever was there before stays, so that there is an administrator.
        String admin = cloud.admin();
        assertThat(cloud.get(admin, "/v3/users?domain_id=default").each("users", "name"))
                .contains("admin", "ann", "bob", "cid");
        assertThat(cloud.post(admin, "/v3/users", Map.of("user", Map.of("name", "eve")))
                        .status())
                .isEqualTo(403);
        assertThat(cloud.post(admin, "/v3/users", Map.of("user", Map.of("name", "eve", "domain_id", domain.acme)))
                        .status())
                .isEqualTo(201);
        assertThat(cloud.keystone.directoryProblems()).isEmpty();

        domain.restart("identity.config_file=" + keystoneConf("sql"));
        assertThat(domain.cloud.login("ann", "pw of u1", null).status()).isEqualTo(401);
        assertThat(domain.cloud
                        .post(domain.cloud.admin(), "/v3/users", Map.of("user", Map.of("name", "eve")))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whatIsSetForTheDomainItselfComesFirst() throws IOException {
        Path files = Files.createDirectories(keys.resolve("files"));
        Files.writeString(files.resolve("keystone.Default.conf"), "[identity]\ndriver = sql\n");
        domain.restart(
                "identity.domain_specific_drivers_enabled=true",
                "identity.domain_config_dir=" + files,
                "identity.config_file=" + keystoneConf("ldap"));
        assertThat(domain.cloud.login("ann", "pw of u1", null).status()).isEqualTo(401);
        Files.delete(files.resolve("keystone.Default.conf"));
        assertThat(domain.cloud.login("ann", "pw of u1", null).status()).isEqualTo(201);
    }

    @Test
    void withoutItsFileTheDomainsDirectoryIsAway() {
        domain.restart("identity.config_file=" + keys.resolve("nowhere.conf"));
        assertThat(domain.cloud.login("ann", "pw of u1", null).status()).isEqualTo(503);
        assertThat(domain.cloud
                        .get(domain.cloud.admin(), "/v3/users?domain_id=default")
                        .status())
                .isEqualTo(503);
        assertThat(domain.cloud.keystone.directoryProblems()).hasSize(1);
    }

    @Test
    void aDomainSaysHowManyItShows() {
        domain.restart(
                "identity.domain_specific_drivers_enabled=true",
                "identity.domain_configurations_from_database=true",
                "list_limit=5");
        assertThat(domain.users("").json().has("truncated")).isFalse();
        domain.cloud.get(domain.admin, "/v3/groups?domain_id=" + domain.acme);
        domain.ldap.set("cn=g1,ou=UserGroups", "member", "cn=u3,ou=Users," + LdapServer.BASE);
        domain.cloud.patch(
                domain.admin,
                "/v3/domains/" + domain.acme + "/config",
                Map.of("config", Map.of("identity", Map.of("driver", "ldap", "list_limit", 1))));
        for (String path : List.of(
                "/v3/users?domain_id=" + domain.acme,
                "/v3/groups?domain_id=" + domain.acme,
                "/v3/groups/" + domain.id("group", "g2") + "/users",
                "/v3/users/" + domain.id("user", "u3") + "/groups")) {
            KeystoneServer.Answer some = domain.cloud.get(domain.admin, path);
            assertThat(some.json().get(path.matches(".*users(\\?.*)?") ? "users" : "groups"))
                    .as(path)
                    .hasSize(1);
            assertThat(some.json().get("truncated").asBoolean()).as(path).isTrue();
        }
        assertThat(domain.cloud.get(domain.admin, "/v3/users").each("users", "name"))
                .hasSize(5);
    }

    private List<String> groups() {
        return domain.cloud.get(domain.admin, "/v3/groups?name=singers").each("groups", "name");
    }

    @Test
    void whatIsForgottenComesBackAsWhatItWas() {
        KeystoneServer cloud = domain.cloud;
        String blue = cloud.make(domain.admin, "/v3/projects", "project", Map.of("name", "blue"));
        domain.users("");
        cloud.get(domain.admin, "/v3/groups?domain_id=" + domain.acme);
        cloud.grant(domain.admin, blue, domain.ann(), cloud.role(domain.admin, "member"));
        Object scope = KeystoneServer.project("blue");
        String token = domain.login("ann", "pw of u1", scope).header("X-Subject-Token");
        assertThatThrownBy(() -> cloud.keystone.purgeMappings(new Purge("nowhere", null, null, null)))
                .isInstanceOf(FaultException.class);
        assertThat(cloud.keystone.purgeMappings(new Purge("Default", null, null, null)))
                .isZero();
        assertThat(cloud.keystone.purgeMappings(new Purge("acme", null, "u1", Kind.GROUP)))
                .isZero();
        assertThat(cloud.validate(domain.admin, token).status()).isEqualTo(200);
        assertThat(cloud.keystone.purgeMappings(new Purge("acme", null, "u1", null)))
                .isEqualTo(1);
        assertThat(cloud.validate(domain.admin, token).status()).isEqualTo(404);
        assertThat(domain.login("ann", "pw of u1", scope)
                        .json()
                        .at("/token/user/id")
                        .asString())
                .isEqualTo(domain.ann());
        assertThat(groups()).containsExactly("singers");
        assertThat(cloud.keystone.purgeMappings(new Purge(null, null, null, Kind.GROUP)))
                .isEqualTo(2);
        assertThat(groups()).isEmpty();
        assertThat(cloud.keystone.purgeMappings(new Purge(null, domain.ann(), null, null)))
                .isEqualTo(1);
        assertThat(cloud.keystone.purgeMappings(new Purge(null, null, null, null)))
                .isEqualTo(2);
        assertThat(cloud.get(domain.admin, "/v3/users/" + domain.id("user", "u3"))
                        .status())
                .isEqualTo(404);
    }
}
