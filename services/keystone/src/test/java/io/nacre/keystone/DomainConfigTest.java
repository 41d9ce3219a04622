package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Columns;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is set for one domain. */
@EveryEngine(migrations = "db/keystone")
class DomainConfigTest {
    private static final Map<String, ?> CONFIG = Map.of(
            "identity",
            Map.of("driver", "ldap"),
            "ldap",
            Map.of("url", "ldap://127.0.0.1", "password", "hush", "page_size", 100, "use_tls", false));

    @TempDir
    Path keys;

    private Database database;
    private KeystoneServer cloud;
    private String admin;
    private String path;

    @BeforeEach
    void start(Database database) {
        this.database = database;
        cloud = new KeystoneServer(database, keys, MutableClock.fixed(), "security_compliance.password_regex=^.{3,}$");
        admin = cloud.admin();
        path = "/v3/domains/" + cloud.make(admin, "/v3/domains", "domain", Map.of("name", "acme")) + "/config";
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Answer put(Object config) {
        return cloud.put(admin, path, Map.of("config", config));
    }

    private Answer patch(String below, Object config) {
        return cloud.patch(admin, path + below, Map.of("config", config));
    }

    private Answer get(String below) {
        return cloud.get(admin, path + below);
    }

    private void assertConfig(Answer answer, Object config) {
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
        assertThat(answer.json().get("config")).isEqualTo(Json.tree(config));
    }

    @Test
    void aDomainIsConfiguredAndSecretsAreNeverShown() {
        assertThat(get("").status()).isEqualTo(404);
        Answer made = put(CONFIG);
        assertThat(made.status()).isEqualTo(201);
        Map<String, ?> ldap = Map.of("url", "ldap://127.0.0.1", "page_size", 100, "use_tls", false);
        Map<String, ?> shown = Map.of("identity", Map.of("driver", "ldap"), "ldap", ldap);
        assertThat(made.json().get("config")).isEqualTo(Json.tree(shown));
        assertConfig(get(""), shown);
        assertConfig(get("/ldap"), Map.of("ldap", ldap));
        assertConfig(get("/ldap/url"), Map.of("url", "ldap://127.0.0.1"));
        assertThat(cloud.head(admin, path + "/ldap/url").status()).isEqualTo(200);
        assertThat(get("/ldap/password").status()).isEqualTo(404);
        assertThat(get("/ldap/suffix").status()).isEqualTo(404);
        Columns secrets = Columns.of("keystone_domain_secret");
        List<String> sealed = database.read(tx ->
                Sql.in(tx).select(secrets.text("sealed")).from(secrets.table()).fetch(secrets.text("sealed")));
        assertThat(sealed).hasSize(1).noneMatch(text -> text.contains("hush"));

        // Whole anew: what is not named is gone.
        assertConfig(put(Map.of("ldap", Map.of("suffix", "dc=acme"))), Map.of("ldap", Map.of("suffix", "dc=acme")));
        assertThat(cloud.delete(admin, path + "/ldap/password").status()).isEqualTo(404);
    }

    @Test
    void whatIsThereIsChangedAndRemovedPieceByPiece() {
        assertThat(patch("/ldap/url", Map.of("url", "ldap://other")).status()).isEqualTo(404);
        assertThat(patch("/ldap", Map.of("ldap", Map.of("url", "ldap://other"))).status())
                .isEqualTo(404);
        put(CONFIG);
        Answer changed = patch("/ldap/url", Map.of("url", "ldap://other"));
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.json().at("/config/ldap/url").asString()).isEqualTo("ldap://other");
        assertThat(changed.json().at("/config/identity/driver").asString()).isEqualTo("ldap");
        assertThat(patch("/ldap/password", Map.of("password", "new")).status()).isEqualTo(200);
        assertThat(patch("/ldap", Map.of("ldap", Map.of("suffix", "dc=x")))
                        .json()
                        .at("/config/ldap/suffix")
                        .asString())
                .isEqualTo("dc=x");
        assertThat(patch("", Map.of("identity", Map.of("driver", "sql")))
                        .json()
                        .at("/config/identity/driver")
                        .asString())
                .isEqualTo("sql");

        assertThat(cloud.delete(admin, path + "/ldap/url").status()).isEqualTo(204);
        assertThat(get("/ldap/url").status()).isEqualTo(404);
        assertThat(cloud.delete(admin, path + "/ldap/url").status()).isEqualTo(404);
        assertThat(cloud.delete(admin, path + "/ldap/password").status()).isEqualTo(204);
        assertThat(cloud.delete(admin, path + "/ldap").status()).isEqualTo(204);
        assertThat(get("/ldap").status()).isEqualTo(404);
        assertConfig(get(""), Map.of("identity", Map.of("driver", "sql")));
        assertThat(cloud.delete(admin, path).status()).isEqualTo(204);
        assertThat(get("").status()).isEqualTo(404);
    }

    @Test
    void whatDoesNotExistOrDoesNotFitIsRefusedAndChangesNothing() {
        for (Object wrong : List.<Object>of(
                Map.of(),
                Map.of("ldap", Map.of()),
                Map.of("ldap", Map.of("colour", "red")),
                Map.of("ldap", Map.of("url", "ldap://x"), "token", Map.of("provider", "fernet")),
                Map.of("security_compliance", Map.of("password_regex", ".*")))) {
            assertThat(put(wrong).status()).as("%s", wrong).isEqualTo(403);
        }
        for (Object wrong : List.<Object>of(
                Map.of("ldap", "x"),
                Map.of("ldap", Map.of("url", 7)),
                Map.of("ldap", Map.of("page_size", "many")),
                Map.of("ldap", Map.of("use_tls", "perhaps")),
                Map.of("ldap", Map.of("query_scope", "all")),
                Map.of("ldap", Map.of("user_attribute_ignore", Map.of())))) {
            assertThat(put(wrong).status()).as("%s", wrong).isEqualTo(400);
        }
        assertThat(cloud.put(admin, path, Map.of()).status()).isEqualTo(400);
        assertThat(get("").status()).isEqualTo(404);
        put(CONFIG);
        assertThat(patch("/ldap", Map.of("identity", Map.of("driver", "sql"))).status())
                .isEqualTo(403);
        assertThat(patch("/ldap/url", Map.of("suffix", "dc=x")).status()).isEqualTo(403);
        assertThat(patch("/ldap/url", Map.of("url", "ldap://x", "suffix", "dc=x"))
                        .status())
                .isEqualTo(403);
        assertThat(patch("/ldap/url", Map.of("url", 7)).status()).isEqualTo(400);
        assertThat(get("/paint").status()).isEqualTo(403);
        assertThat(get("/ldap/colour").status()).isEqualTo(403);
        assertThat(cloud.delete(admin, path + "/ldap/colour").status()).isEqualTo(403);
        assertConfig(get("/ldap/url"), Map.of("url", "ldap://127.0.0.1"));

        String nowhere = "/v3/domains/nowhere/config";
        assertThat(cloud.get(admin, nowhere).status()).isEqualTo(404);
        assertThat(cloud.put(admin, nowhere, Map.of("config", CONFIG)).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, nowhere).status()).isEqualTo(404);
    }

    @Test
    void defaultsAreTold() {
        Answer all = cloud.get(admin, "/v3/domains/config/default");
        assertThat(all.json().at("/config/identity/driver").asString()).isEqualTo("sql");
        assertThat(all.json().at("/config/ldap/user_objectclass").asString()).isEqualTo("inetOrgPerson");
        assertThat(all.json().at("/config/ldap").has("password")).isFalse();
        assertThat(cloud.get(admin, "/v3/domains/config/ldap/default")
                        .json()
                        .at("/config/ldap/page_size")
                        .asInt(-1))
                .isZero();
        Answer one = cloud.get(admin, "/v3/domains/config/ldap/query_scope/default");
        assertConfig(one, Map.of("query_scope", "one"));
        assertThat(cloud.get(admin, "/v3/domains/config/ldap/password/default").status())
                .isEqualTo(403);
        assertThat(cloud.get(admin, "/v3/domains/config/paint/default").status())
                .isEqualTo(403);
        assertThat(cloud.get(admin, "/v3/domains/config/ldap/colour/default").status())
                .isEqualTo(403);
    }

    @Test
    void everybodyMayKnowTheRulesAboutPasswordsAndNothingElse() {
        cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pwpw"));
        String ann = cloud.token("ann", "pwpw", null);
        String rules = "/v3/domains/default/config/security_compliance";
        Answer all = cloud.get(ann, rules);
        assertThat(all.status()).isEqualTo(200);
        assertThat(all.json().at("/config/security_compliance/password_regex").asString())
                .isEqualTo("^.{3,}$");
        assertThat(all.json()
                        .at("/config/security_compliance/password_regex_description")
                        .isNull())
                .isTrue();
        assertConfig(cloud.get(ann, rules + "/password_regex"), Map.of("password_regex", "^.{3,}$"));
        assertThat(cloud.get(ann, rules + "/lockout_duration").status()).isEqualTo(403);
        assertThat(cloud.get(ann, path + "/security_compliance").status()).isEqualTo(403);

        put(CONFIG);
        assertThat(cloud.get(ann, path).status()).isEqualTo(403);
        assertThat(cloud.get(ann, path + "/ldap/url").status()).isEqualTo(403);
        assertThat(cloud.put(ann, path, Map.of("config", CONFIG)).status()).isEqualTo(403);
        assertThat(cloud.patch(ann, path, Map.of("config", CONFIG)).status()).isEqualTo(403);
        assertThat(cloud.delete(ann, path).status()).isEqualTo(403);
        assertThat(cloud.get(ann, "/v3/domains/config/default").status()).isEqualTo(403);
        assertThat(cloud.get(cloud.systemAdmin(), path).status()).isEqualTo(200);
    }

    @Test
    void aConfigurationGoesWithItsDomain() {
        put(CONFIG);
        String domain = path.substring(0, path.lastIndexOf('/'));
        cloud.patch(admin, domain, Map.of("domain", Map.of("enabled", false)));
        assertThat(cloud.delete(admin, domain).status()).isEqualTo(204);
        Columns options = Columns.of("keystone_domain_option");
        Columns secrets = Columns.of("keystone_domain_secret");
        assertThat(database.<Integer>read(tx ->
                        Sql.in(tx).fetchCount(options.table()) + Sql.in(tx).fetchCount(secrets.table())))
                .isZero();
    }
}
