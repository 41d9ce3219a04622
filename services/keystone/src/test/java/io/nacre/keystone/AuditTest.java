package io.nacre.keystone;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Json;
import io.nacre.database.Database;
import io.nacre.keystone.audit.NotificationConfig;
import io.nacre.keystone.audit.NotificationConfig.Format;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.MutableClock;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What is told on the bus of changes and logins. */
@EveryEngine(migrations = "db/keystone")
class AuditTest {
    @TempDir
    Path keys;

    private Database database;
    private KeystoneServer cloud;
    private String admin;
    private String adminId;

    @BeforeEach
    void database(Database database) {
        this.database = database;
    }

    private void start(Format format, String... optOut) {
        cloud = new KeystoneServer(
                database,
                keys,
                MutableClock.fixed(),
                "security_compliance.lockout_failure_attempts=2",
                "security_compliance.password_expires_days=30",
                "notifications.notification_format=" + format.name().toLowerCase(Locale.ROOT),
                "notifications.notification_opt_out=" + String.join(",", optOut));
        admin = cloud.admin();
        adminId = cloud.get(admin, "/v3/users?name=admin").each("users", "id").getFirst();
        cloud.notified.clear();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    /** The notifications of these requests, out of their envelopes. */
    private List<JsonNode> told(Runnable requests) {
        cloud.notified.clear();
        requests.run();
        return cloud.notified.stream()
                .peek(envelope ->
                        assertThat(envelope.get("oslo.version").asString()).isEqualTo("2.0"))
                .map(envelope ->
                        Json.MAPPER.readTree(envelope.get("oslo.message").asString()))
                .toList();
    }

    private List<String> types(Runnable requests) {
        return told(requests).stream()
                .map(message -> message.get("event_type").asString())
                .toList();
    }

    @Test
    void aChangeIsToldAsAnEventOfCadf() {
        start(Format.CADF);
        List<String> made = new ArrayList<>();
        JsonNode message = told(() -> made.add(cloud.make(admin, "/v3/users", "user", Map.of("name", "ann"))))
                .getFirst();
        assertThat(message.get("event_type").asString()).isEqualTo("identity.user.created");
        assertThat(message.get("publisher_id").asString()).isEqualTo("identity.controller");
        assertThat(message.get("priority").asString()).isEqualTo("INFO");
        assertThat(message.get("timestamp").asString()).isEqualTo("2026-01-02 03:04:05.000000");
        assertThat(message.get("_unique_id").asString()).hasSize(32);
        JsonNode event = message.get("payload");
        assertThat(event.get("typeURI").asString()).isEqualTo("http://schemas.dmtf.org/cloud/audit/1.0/event");
        assertThat(event.get("eventType").asString()).isEqualTo("activity");
        assertThat(event.get("eventTime").asString()).isEqualTo("2026-01-02T03:04:05.000000+0000");
        assertThat(event.get("action").asString()).isEqualTo("created.user");
        assertThat(event.get("outcome").asString()).isEqualTo("success");
        assertThat(event.get("resource_info").asString()).isEqualTo(made.getFirst());
        assertThat(event.at("/target/typeURI").asString()).isEqualTo("data/security/account/user");
        assertThat(event.at("/target/id").asString()).isEqualTo(made.getFirst());
        assertThat(event.at("/observer/typeURI").asString()).isEqualTo("service/security");
        assertThat(event.at("/observer/id").asString())
                .isEqualTo(cloud.get(admin, "/v3/services?type=identity")
                        .each("services", "id")
                        .getFirst());
        assertThat(event.at("/initiator/typeURI").asString()).isEqualTo("service/security/account/user");
        assertThat(event.at("/initiator/user_id").asString()).isEqualTo(adminId);
        assertThat(event.at("/initiator/id").asString()).isEqualTo(adminId);
        assertThat(event.at("/initiator/username").asString()).isEqualTo("admin");
        assertThat(event.at("/initiator/host/address").asString()).isEqualTo("127.0.0.1");
        assertThat(event.at("/initiator/host/agent").asString()).startsWith("Java-http-client");
        assertThat(event.at("/initiator/request_id").asString()).startsWith("req-");
        assertThat(event.at("/initiator/project_id").asString()).isNotEmpty();
    }

    @Test
    void everyKindOfChangeIsTold() {
        start(Format.CADF);
        record Kind(String path, String envelope, Map<String, ?> attributes) {}
        for (Kind kind : List.of(
                new Kind("/v3/users", "user", Map.of("name", "x")),
                new Kind("/v3/groups", "group", Map.of("name", "x")),
                new Kind("/v3/projects", "project", Map.of("name", "x")),
                new Kind("/v3/roles", "role", Map.of("name", "x")),
                new Kind("/v3/regions", "region", Map.of("id", "x")),
                new Kind("/v3/services", "service", Map.of("type", "x")),
                new Kind("/v3/policies", "policy", Map.of("type", "x", "blob", "{}")))) {
            String type = "identity." + kind.envelope() + ".";
            assertThat(types(() -> {
                        String id = cloud.make(admin, kind.path(), kind.envelope(), kind.attributes());
                        String one = kind.path() + "/" + id;
                        cloud.patch(admin, one, Map.of(kind.envelope(), Map.of("description", "new")));
                        cloud.get(admin, one);
                        cloud.delete(admin, one);
                        cloud.delete(admin, one);
                    }))
                    .containsExactly(type + "created", type + "updated", type + "deleted");
        }
        assertThat(types(() -> {
                    String id = cloud.make(admin, "/v3/domains", "domain", Map.of("name", "d"));
                    cloud.patch(admin, "/v3/domains/" + id, Map.of("domain", Map.of("enabled", false)));
                    cloud.delete(admin, "/v3/domains/" + id);
                }))
                .containsExactly(
                        "identity.domain.created",
                        "identity.domain.updated",
                        "identity.project.updated",
                        "identity.domain.deleted",
                        "identity.project.deleted");
        assertThat(types(() -> {
                    Map<String, ?> domain = Map.of("name", "d", "is_domain", true);
                    String one = "/v3/projects/" + cloud.make(admin, "/v3/projects", "project", domain);
                    cloud.delete(admin, one);
                    cloud.patch(admin, one, Map.of("project", Map.of("enabled", false)));
                    cloud.delete(admin, one);
                }))
                .containsExactly(
                        "identity.domain.created",
                        "identity.project.updated",
                        "identity.domain.updated",
                        "identity.project.deleted",
                        "identity.domain.deleted");
    }

    @Test
    void aRoleThatIsGivenOrTakenIsToldWithWhoGotItAndWhere() {
        start(Format.BASIC);
        String project = cloud.get(admin, "/v3/projects?name=admin")
                .each("projects", "id")
                .getFirst();
        String role = cloud.role(admin, "reader");
        String grant = "/v3/projects/" + project + "/users/" + adminId + "/roles/" + role;
        List<JsonNode> told = told(() -> {
            cloud.put(admin, grant, null);
            cloud.put(admin, "/v3/OS-INHERIT" + grant.substring(3) + "/inherited_to_projects", null);
            cloud.delete(admin, grant);
            cloud.delete(admin, "/v3/system/users/" + adminId + "/roles/" + role);
        });
        assertThat(told)
                .extracting(message -> message.get("event_type").asString() + " "
                        + message.at("/payload/outcome").asString())
                .containsExactly(
                        "identity.role_assignment.created success",
                        "identity.role_assignment.created success",
                        "identity.role_assignment.deleted success",
                        "identity.role_assignment.deleted failure");
        JsonNode inherited = told.get(1).get("payload");
        assertThat(inherited.get("project").asString()).isEqualTo(project);
        assertThat(inherited.get("user").asString()).isEqualTo(adminId);
        assertThat(inherited.get("role").asString()).isEqualTo(role);
        assertThat(inherited.get("inherited_to_projects").asBoolean()).isTrue();
        assertThat(told.get(3).get("payload").get("user").asString()).isEqualTo(adminId);
    }

    @Test
    void theBasicFormSaysWhichResourceItIs() {
        start(Format.BASIC);
        String user = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann"));
        String group = cloud.make(admin, "/v3/groups", "group", Map.of("name", "g"));
        List<JsonNode> told = told(() -> {
            cloud.put(admin, "/v3/groups/" + group + "/users/" + user, null);
            cloud.delete(admin, "/v3/users/" + user);
        });
        JsonNode joined = told.getFirst();
        assertThat(joined.get("event_type").asString()).isEqualTo("identity.group.updated");
        assertThat(joined.at("/payload/resource_info").asString()).isEqualTo(group);
        assertThat(joined.at("/payload/actor_id").asString()).isEqualTo(user);
        assertThat(joined.at("/payload/actor_type").asString()).isEqualTo("user");
        assertThat(joined.at("/payload/actor_operation").asString()).isEqualTo("added");
        assertThat(told.get(1).get("event_type").asString()).isEqualTo("identity.user.deleted");
        assertThat(told.get(1).get("payload").has("initiator")).isFalse();
    }

    @Test
    void everyLoginIsToldWithItsOutcomeAndWhyItFailed() {
        start(Format.CADF);
        String ann = cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
        Supplier<JsonNode> good =
                () -> told(() -> cloud.login("ann", "pw", null)).getFirst();
        JsonNode right = good.get();
        assertThat(right.get("event_type").asString()).isEqualTo("identity.authenticate");
        assertThat(right.at("/payload/action").asString()).isEqualTo("authenticate");
        assertThat(right.at("/payload/outcome").asString()).isEqualTo("success");
        assertThat(right.at("/payload/initiator/user_id").asString()).isEqualTo(ann);
        assertThat(right.at("/payload/initiator/username").asString()).isEqualTo("ann");
        JsonNode wrong = told(() -> cloud.login("ann", "wrong", null)).getFirst();
        assertThat(wrong.at("/payload/outcome").asString()).isEqualTo("failure");
        assertThat(wrong.get("payload").has("reason")).isFalse();
        cloud.login("ann", "wrong", null);
        JsonNode locked = good.get();
        assertThat(locked.at("/payload/reason/reasonType").asString())
                .isEqualTo("The account is locked for user: " + ann + ".");
        assertThat(locked.at("/payload/reason/reasonCode").asString()).isEqualTo("401");
        JsonNode nobody = told(() -> cloud.login("nobody", "pw", null)).getFirst();
        assertThat(nobody.at("/payload/reason/reasonType").asString()).isEqualTo("Could not find user: nobody.");
        assertThat(nobody.at("/payload/reason/reasonCode").asString()).isEqualTo("404");
    }

    @Test
    void whatOperatorsOptOutOfIsNotTold() {
        start(Format.CADF, "identity.authenticate.success", "identity.user.created");
        assertThat(types(() -> {
                    cloud.make(admin, "/v3/users", "user", Map.of("name", "ann", "password", "pw"));
                    cloud.login("ann", "pw", null);
                    cloud.login("ann", "wrong", null);
                }))
                .containsExactly("identity.authenticate");
        assertThat(NotificationConfig.DEFAULT.notificationOptOut()).contains("identity.authenticate.success");
    }
}
