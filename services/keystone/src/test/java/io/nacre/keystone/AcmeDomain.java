package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Digests;
import io.nacre.base.Transactions;
import io.nacre.keystone.KeystoneServer.Answer;
import io.nacre.tasks.Reconciler;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A keystone and, beside it, the LDAP server of its domain acme, with a few people in two groups. */
final class AcmeDomain implements AutoCloseable {
    final String admin;
    /** The domain's identifier. */
    final String acme;

    LdapServer ldap = new LdapServer();
    KeystoneServer cloud;

    private final Transactions transactions;
    private final Path keys;

    AcmeDomain(Transactions transactions, Path keys) {
        this.transactions = transactions;
        this.keys = keys;
        ldap.person("u1", "ann", "mail: ann@acme.org", "description: sings");
        ldap.person("u2", "bob", "enabled: FALSE");
        ldap.person("u3", "cid");
        ldap.group("g1", "singers", "u1");
        ldap.group("g2", "dancers", "u2", "u3");
        cloud = started(
                "identity.domain_specific_drivers_enabled=true", "identity.domain_configurations_from_database=true");
        admin = cloud.admin();
        acme = cloud.make(admin, "/v3/domains", "domain", Map.of("name", "acme"));
        configure(Map.of());
    }

    private KeystoneServer started(String... options) {
        return new KeystoneServer(transactions, keys, MutableClock.fixed(), options);
    }

    /** Starts keystone again with other options. */
    void restart(String... options) {
        cloud.close();
        cloud = started(options);
    }

    /** Puts another server in the place of the domain's. */
    void move(LdapServer to) {
        ldap.close();
        ldap = to;
    }

    /** How its server is reached, and more. */
    Map<String, Object> settings(Map<String, ?> more) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "url", ldap.url(), "suffix", LdapServer.BASE, "user", LdapServer.SEARCHER, "password", "searching"));
        settings.putAll(more);
        return settings;
    }

    /** @param more options of [ldap] */
    void configure(Map<String, ?> more) {
        Answer answer = cloud.put(
                admin,
                "/v3/domains/" + acme + "/config",
                Map.of("config", Map.of("identity", Map.of("driver", "ldap"), "ldap", settings(more))));
        assertThat(answer.status()).as(answer.response().body()).isIn(200, 201);
    }

    Answer login(String name, String password, @Nullable Object scope) {
        return cloud.login(Map.of("name", name, "domain", Map.of("name", "acme"), "password", password), scope);
    }

    /** What a user or group of the server is called here. */
    String id(String kind, String localId) {
        return Digests.hex("SHA-256", acme + kind + localId);
    }

    String ann() {
        return id("user", "u1");
    }

    Answer users(String query) {
        return cloud.get(admin, "/v3/users?domain_id=" + acme + query);
    }

    List<String> members(String localId) {
        return cloud.get(admin, "/v3/groups/" + id("group", localId) + "/users").each("users", "name");
    }

    void reconcile() {
        cloud.keystone.reconcilers().forEach(Reconciler::run);
    }

    @Override
    public void close() {
        cloud.close();
        ldap.close();
    }
}
