package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.util.ssl.KeyStoreKeyManager;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.TrustAllTrustManager;
import io.nacre.database.Database;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.testkit.EveryEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a directory is reached, and what is read in it, as the options of the original say. */
@EveryEngine(migrations = "db/keystone")
class DirectorySettingsTest {
    @TempDir
    Path keys;

    private AcmeDomain domain;
    private LdapServer ldap;
    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        domain = new AcmeDomain(database, keys);
        ldap = domain.ldap;
        cloud = domain.cloud;
        admin = domain.admin;
    }

    @AfterEach
    void stop() {
        domain.close();
    }

    @Test
    void aSearcherThatTheDirectoryDoesNotKnowIsTold() {
        domain.configure(Map.of("password", "wrong"));
        Answer refused = domain.users("");
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.json().at("/error/message").asString()).contains("does not accept");
        domain.configure(Map.of("password", "searching", "user", "cn=%(password)s," + LdapServer.BASE));
        assertThat(domain.users("").status()).isEqualTo(503);
    }

    @Test
    void theOptionsOfTheOriginalSayWhatIsRead() {
        ldap.add("dn: ou=deep,ou=Users," + LdapServer.BASE, "objectClass: organizationalUnit", "ou: deep");
        ldap.add(
                "dn: uid=d1,ou=deep,ou=Users," + LdapServer.BASE,
                "objectClass: account",
                "uid: d1",
                "cn: dee",
                "userAccountControl: 514",
                "userPassword: deep");
        ldap.add(
                "dn: uid=d2,ou=deep,ou=Users," + LdapServer.BASE,
                "objectClass: account",
                "uid: d2",
                "cn: eli",
                "userAccountControl: 512",
                "homeProject: p1",
                "userPassword: deep");
        ldap.add(
                "dn: cn=posix,ou=UserGroups," + LdapServer.BASE,
                "objectClass: posixGroup",
                "cn: posix",
                "memberUid: d2");
        domain.configure(Map.ofEntries(
                Map.entry("query_scope", "sub"),
                Map.entry("page_size", 1),
                Map.entry("user_objectclass", "account"),
                Map.entry("user_id_attribute", "uid"),
                Map.entry("user_name_attribute", "cn"),
                Map.entry("user_enabled_attribute", "userAccountControl"),
                Map.entry("user_enabled_mask", 2),
                Map.entry("user_enabled_default", "512"),
                Map.entry("user_attribute_ignore", ""),
                Map.entry("user_default_project_id_attribute", "homeProject"),
                Map.entry("group_objectclass", "posixGroup"),
                Map.entry("group_name_attribute", "cn"),
                Map.entry("group_member_attribute", "memberUid"),
                Map.entry("group_members_are_ids", true)));
        Answer all = domain.users("");
        assertThat(all.each("users", "name")).containsExactly("dee", "eli");
        assertThat(all.each("users", "id")).containsExactly(domain.id("user", "d1"), domain.id("user", "d2"));
        assertThat(all.json().at("/users/0/enabled").asBoolean(true)).isFalse();
        assertThat(all.json().at("/users/1/enabled").asBoolean()).isTrue();
        assertThat(all.json().at("/users/1/default_project_id").asString()).isEqualTo("p1");
        assertThat(domain.login("eli", "deep", null).status()).isEqualTo(201);
        assertThat(cloud.get(admin, "/v3/users/" + domain.id("user", "d2") + "/groups")
                        .each("groups", "name"))
                .containsExactly("posix");
        assertThat(cloud.get(admin, "/v3/groups/" + domain.id("group", "posix") + "/users")
                        .each("users", "name"))
                .containsExactly("eli");

        domain.configure(Map.of("user_enabled_invert", true, "user_enabled_default", "False"));
        assertThat(domain.users("&enabled=true").each("users", "name")).containsExactly("ann", "bob", "cid");
        domain.configure(Map.of("user_filter", "(mail=*)"));
        assertThat(domain.users("").each("users", "name")).containsExactly("ann");
        ldap.group("enabled_users", "enabled", "u2");
        domain.configure(Map.of(
                "user_enabled_emulation",
                true,
                "user_enabled_emulation_dn",
                "cn=enabled_users,ou=UserGroups," + LdapServer.BASE));
        assertThat(domain.users("&enabled=true").each("users", "name")).containsExactly("bob");
        assertThat(domain.login("bob", "pw of u2", null).status()).isEqualTo(201);
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(401);
    }

    /** A key for 127.0.0.1 and, beside it, the certificate to trust. */
    private void makeKey(Path store, Path certificate) throws IOException, InterruptedException {
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> common = List.of("-alias", "ldap", "-keystore", store.toString(), "-storepass", "password");
        List<String> make = new ArrayList<>(List.of(keytool, "-genkeypair", "-keyalg", "EC", "-storetype", "PKCS12"));
        make.addAll(common);
        make.addAll(List.of("-dname", "CN=ldap", "-ext", "san=ip:127.0.0.1"));
        List<String> export = new ArrayList<>(List.of(keytool, "-exportcert", "-rfc", "-file", certificate.toString()));
        export.addAll(common);
        for (List<String> command : List.of(make, export)) {
            assertThat(new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .start()
                            .waitFor())
                    .isZero();
        }
    }

    @Test
    void aServerIsTrustedByItsCertificateAlone() throws Exception {
        Path store = keys.resolve("ldap.p12");
        Path certificate = keys.resolve("ldap.pem");
        makeKey(store, certificate);
        domain.move(new LdapServer(new SSLUtil(
                new KeyStoreKeyManager(store.toFile(), "password".toCharArray(), "PKCS12", "ldap"),
                new TrustAllTrustManager())));
        ldap = domain.ldap;
        ldap.person("u1", "ann");
        for (Map<String, ?> way : List.<Map<String, ?>>of(Map.of("use_tls", true), Map.of("url", ldap.secureUrl()))) {
            domain.configure(way);
            assertThat(domain.users("").status()).as("%s", way).isEqualTo(503);
            Map<String, Object> trusting = new HashMap<>(way);
            trusting.put("tls_cacertfile", certificate.toString());
            domain.configure(trusting);
            assertThat(domain.users("").each("users", "name")).as("%s", way).containsExactly("ann");
            assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(201);
            trusting.remove("tls_cacertfile");
            trusting.put("tls_req_cert", "never");
            domain.configure(trusting);
            assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(201);
        }
    }

    @Test
    void settingsMayStandInAFile() throws IOException {
        Path files = Files.createDirectories(keys.resolve("files"));
        StringBuilder text = new StringBuilder("# for acme\n[identity]\ndriver = ldap\n\n[ldap]\n");
        domain.settings(Map.of("use_pool", "False"))
                .forEach((name, value) ->
                        text.append(name).append(" = ").append(value).append('\n'));
        Files.writeString(files.resolve("keystone.acme.conf"), text);
        domain.restart("identity.domain_specific_drivers_enabled=true", "identity.domain_config_dir=" + files);
        cloud = domain.cloud;
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(201);
        assertThat(cloud.keystone.directoryProblems()).isEmpty();
        Files.copy(files.resolve("keystone.acme.conf"), files.resolve("keystone.nowhere.conf"));
        assertThat(cloud.keystone.directoryProblems())
                .singleElement()
                .asString()
                .contains("nowhere");
        Files.delete(files.resolve("keystone.acme.conf"));
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(401);
    }
}
