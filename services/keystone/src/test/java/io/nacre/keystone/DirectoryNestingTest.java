package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups in groups, where the directory can tell who is in which over others, as Active Directory does. */
@EveryEngine(migrations = "db/keystone")
class DirectoryNestingTest {
    private static final String GROUPS = "ou=UserGroups," + LdapServer.BASE;

    @TempDir
    Path keys;

    private AcmeDomain domain;
    private KeystoneServer cloud;

    @BeforeEach
    void start(Database database) {
        domain = new AcmeDomain(database, keys);
        cloud = domain.cloud;
        domain.ldap.group("choir", "choir", "u3");
        domain.ldap.group("house", "house");
        domain.ldap.set("cn=choir,ou=UserGroups", "member", "cn=u3,ou=Users," + LdapServer.BASE, "cn=g1," + GROUPS);
        domain.ldap.set("cn=house,ou=UserGroups", "member", "cn=choir," + GROUPS);
        // A circle is nothing that anybody waits in.
        domain.ldap.set("cn=g1,ou=UserGroups", "member", "cn=u1,ou=Users," + LdapServer.BASE, "cn=house," + GROUPS);
        domain.configure(Map.of("group_ad_nesting", true));
    }

    @AfterEach
    void stop() {
        domain.close();
    }

    @Test
    void aGroupHasTheMembersOfItsMembers() {
        cloud.get(domain.admin, "/v3/groups?domain_id=" + domain.acme);
        assertThat(domain.members("house")).containsExactly("ann", "cid");
        assertThat(domain.members("choir")).containsExactly("ann", "cid");
        assertThat(domain.members("g2")).containsExactly("bob", "cid");
        assertThat(cloud.get(domain.admin, "/v3/users/" + domain.ann() + "/groups")
                        .each("groups", "name"))
                .containsExactly("choir", "house", "singers");
        domain.configure(Map.of("group_ad_nesting", false));
        assertThat(domain.members("house")).isEmpty();
        assertThat(domain.members("choir")).containsExactly("cid");
    }

    @Test
    void rolesReachTheMembersOfMembers() {
        assertThat(domain.login("ann", "pw of u1", null).status()).isEqualTo(201);
        String blue = cloud.make(domain.admin, "/v3/projects", "project", Map.of("name", "blue"));
        String member = cloud.role(domain.admin, "member");
        String grant = "/v3/projects/" + blue + "/groups/" + domain.id("group", "house") + "/roles/" + member;
        assertThat(cloud.put(domain.admin, grant, null).status()).isEqualTo(204);
        Object scope = KeystoneServer.project("blue");
        String token = domain.login("ann", "pw of u1", scope).header("X-Subject-Token");
        domain.reconcile();
        assertThat(cloud.validate(domain.admin, token).status()).isEqualTo(200);
        domain.ldap.set("cn=choir,ou=UserGroups", "member", "cn=u3,ou=Users," + LdapServer.BASE);
        domain.reconcile();
        assertThat(cloud.validate(domain.admin, token).status()).isEqualTo(404);
        assertThat(domain.login("ann", "pw of u1", scope).status()).isEqualTo(401);
        assertThat(domain.login("cid", "pw of u3", scope).status()).isEqualTo(201);
    }
}
