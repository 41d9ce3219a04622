package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose word counts for the endpoints of the catalog, of controllers that start with settings of their own. */
@EveryEngine(migrations = Keystone.MIGRATIONS)
class CatalogAnnouncementTest {
    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.token("admin", KeystoneServer.ADMIN_PASSWORD, KeystoneServer.project("admin"));
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Set<String> hosts() {
        Set<String> hosts = new HashSet<>();
        cloud.get(admin, "/v3/endpoints")
                .each("endpoints", "url")
                .forEach(url -> hosts.add(url.replaceAll("http://([^:]+):.*", "$1")));
        return hosts;
    }

    @Test
    void anotherControllersSettingsDoNotOverruleWhatIsThere() {
        cloud.bootstrap("second", "192.0.2.2");
        assertThat(hosts()).containsExactly("127.0.0.1");
        cloud.bootstrap("controller", "127.0.0.1");
        cloud.bootstrap("second", "192.0.2.2");
        assertThat(hosts()).containsExactly("127.0.0.1");
    }

    @Test
    void aChangedSettingCountsAndTheRestFollows() {
        cloud.bootstrap("second", "127.0.0.1");
        cloud.bootstrap("second", "cloud.example.org");
        assertThat(hosts()).containsExactly("cloud.example.org");
        cloud.bootstrap("controller", "127.0.0.1");
        assertThat(hosts()).containsExactly("cloud.example.org");
        cloud.bootstrap("controller", "cloud.example.org");
        assertThat(hosts()).containsExactly("cloud.example.org");
    }

    @Test
    void whatAnOperatorWroteIntoTheCatalogStaysAndWhatIsMissingComesBack() {
        String compute = cloud.get(admin, "/v3/services?type=compute")
                .each("services", "id")
                .getFirst();
        List<String> ids = cloud.get(admin, "/v3/endpoints?interface=internal&service_id=" + compute)
                .each("endpoints", "id");
        String path = "/v3/endpoints/" + ids.getFirst();
        cloud.patch(admin, path, Map.of("endpoint", Map.of("url", "http://10.0.0.1:8774/v2.1")));
        cloud.bootstrap("controller", "127.0.0.1");
        assertThat(hosts()).containsExactlyInAnyOrder("127.0.0.1", "10.0.0.1");
        cloud.delete(admin, path);
        cloud.bootstrap("controller", "127.0.0.1");
        assertThat(hosts()).containsExactly("127.0.0.1");
        assertThat(cloud.get(admin, "/v3/endpoints").each("endpoints", "id")).hasSize(9);
    }
}
