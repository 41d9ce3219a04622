package io.nacre.keystone;

import io.nacre.database.Database;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A cloud that knows keys of SAML identity providers: one that it trusts, and another. */
abstract class SamlCloud {
    @TempDir
    static Path made;

    static SamlKey key;
    static SamlKey other;

    @TempDir
    Path keys;

    final MutableClock clock = MutableClock.fixed();
    KeystoneServer cloud;
    String admin;

    @BeforeAll
    static void makeKeys() throws Exception {
        key = SamlKey.make(made, "idp");
        other = SamlKey.make(made, "other");
    }

    void start(Database database, String... settings) {
        cloud = new KeystoneServer(database, keys, clock, settings);
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }
}
