package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services, endpoints and regions, and what tokens show of them. */
@EveryEngine(migrations = "db/keystone")
class CatalogTest {
    @TempDir
    Path keys;

    private KeystoneServer cloud;
    private String admin;

    @BeforeEach
    void start(Database database) {
        cloud = new KeystoneServer(database, keys, MutableClock.fixed());
        admin = cloud.admin();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void theCatalogShowsWhatIsEnabled() {
        String service = cloud.make(
                admin, "/v3/services", "service", Map.of("type", "object-store", "name", "swift", "description", "d"));
        String endpoint = cloud.make(
                admin,
                "/v3/endpoints",
                "endpoint",
                Map.of(
                        "interface", "public",
                        "service_id", service,
                        "url", "http://swift/v1/AUTH_%(tenant_id)s",
                        "region", "RegionTwo"));
        assertThat(cloud.get(admin, "/v3/regions/RegionTwo").status()).isEqualTo(200);
        assertThat(catalog()).contains("/v1/AUTH_").contains("\"region\":\"RegionTwo\"");
        assertThat(cloud.delete(admin, "/v3/regions/RegionTwo").status()).isEqualTo(403);
        cloud.patch(admin, "/v3/endpoints/" + endpoint, Map.of("endpoint", Map.of("enabled", false)));
        assertThat(catalog()).doesNotContain("/v1/AUTH_").contains("swift");
        cloud.patch(admin, "/v3/services/" + service, Map.of("service", Map.of("enabled", false)));
        assertThat(catalog()).doesNotContain("swift");
        assertThat(cloud.get(admin, "/v3/endpoints?interface=public&service_id=" + service)
                        .each("endpoints", "id"))
                .containsExactly(endpoint);
        assertThat(cloud.get(admin, "/v3/services?type=object-store").each("services", "name"))
                .containsExactly("swift");
        assertThat(cloud.delete(admin, "/v3/services/" + service).status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/endpoints/" + endpoint).status()).isEqualTo(404);
        assertThat(cloud.delete(admin, "/v3/regions/RegionTwo").status()).isEqualTo(204);
    }

    /** As the token shows it, which is asked for again and again. */
    private String catalog() {
        return cloud.validate(admin, admin).json().at("/token/catalog").toString();
    }

    @Test
    void regionsNestButNotInCircles() {
        assertThat(cloud.put(admin, "/v3/regions/europe", Map.of("region", Map.of()))
                        .status())
                .isEqualTo(201);
        cloud.make(admin, "/v3/regions", "region", Map.of("id", "france", "parent_region_id", "europe"));
        assertThat(cloud.get(admin, "/v3/regions?parent_region_id=europe").each("regions", "id"))
                .containsExactly("france");
        assertThat(cloud.patch(admin, "/v3/regions/europe", Map.of("region", Map.of("parent_region_id", "france")))
                        .status())
                .isEqualTo(400);
        assertThat(cloud.delete(admin, "/v3/regions/europe").status()).isEqualTo(204);
        assertThat(cloud.get(admin, "/v3/regions/france").status()).isEqualTo(404);
    }
}
