package io.nacre.glance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class PropertyProtectionTest {
    private static final String ADMIN = "admin@mine";
    private static final String ME = "member@mine";
    private static final String PROTECTIONS = """
            # the operator's
            [^billing_]
            create = admin
            read = admin
            update = admin
            delete = admin
            [^license$]
            create = @
            read = @
            update = !
            delete = Admin, billing
            [.*]
            create = @
            read = @
            update = @
            delete = @
            """;

    @TempDir
    Path folder;

    private GlanceServer glance;

    @BeforeEach
    void start() throws Exception {
        glance = server(PROTECTIONS, "roles");
    }

    @AfterEach
    void stop() {
        glance.close();
    }

    private GlanceServer server(String protections, String format) throws Exception {
        Path file = Files.writeString(folder.resolve("protections.conf"), protections);
        return new GlanceServer(
                folder,
                GlanceServer.settings("property_protection.file = \"" + file
                        + "\"\nproperty_protection.rule_format = \"" + format + "\"\n"));
    }

    private HttpResponse<String> patch(String token, String id, String operation, String name) throws Exception {
        String value = operation.equals("remove") ? "" : ", \"value\": \"" + operation + "\"";
        return glance.patch(token, id, "[{\"op\": \"" + operation + "\", \"path\": \"/" + name + "\"" + value + "}]");
    }

    private void reserved(HttpResponse<String> response, String name) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(403);
        assertThat(response.body()).contains("Attribute '" + name + "' is reserved.");
    }

    @Test
    void aPropertyIsOfThoseThatTheFirstSectionNames() throws Exception {
        String id = glance.create(ADMIN, "\"billing_code\": \"7\", \"license\": \"l\", \"other\": \"o\"");
        assertThat(glance.show(ADMIN, id).get("billing_code").stringValue()).isEqualTo("7");
        JsonNode seen = glance.show(ME, id);
        assertThat(seen.has("billing_code")).isFalse();
        assertThat(glance.json(200, glance.get(ME, "/v2/images")).get("images").get(0))
                .isEqualTo(seen);
        reserved(glance.post(ME, "/v2/images", "{\"billing_code\": \"8\"}"), "billing_code");
        reserved(patch(ME, id, "add", "billing_code"), "billing_code");
        reserved(patch(ME, id, "add", "billing_more"), "billing_more");
        for (String operation : List.of("replace", "remove")) {
            HttpResponse<String> hidden = patch(ME, id, operation, "billing_code");
            assertThat(hidden.statusCode()).as(operation).isEqualTo(409);
            assertThat(hidden.body()).contains("Property billing_code does not exist.");
            assertThat(hidden.body().replace("billing_code", "none"))
                    .isEqualTo(patch(ME, id, operation, "none").body());
        }
        reserved(patch(ADMIN, id, "replace", "license"), "license");
        reserved(patch(ME, id, "remove", "license"), "license");
        assertThat(patch(ADMIN, id, "remove", "license").statusCode()).isEqualTo(200);
        JsonNode changed = glance.json(200, patch(ME, id, "replace", "other"));
        assertThat(changed.get("other").stringValue()).isEqualTo("replace");
        assertThat(changed.has("billing_code")).isFalse();
        assertThat(glance.show(ADMIN, id).get("billing_code").stringValue()).isEqualTo("7");
    }

    @Test
    void whatNoSectionIsFoundInIsNobodys() throws Exception {
        stop();
        glance = server("[^a]\ncreate = @\nread = @\nupdate = @\ndelete =\n", "roles");
        String id = glance.create(ME, "\"abc\": \"1\"");
        reserved(glance.post(ADMIN, "/v2/images", "{\"xyz\": \"1\"}"), "xyz");
        reserved(patch(ADMIN, id, "remove", "abc"), "abc");
    }

    @Test
    void aSectionMayNamePolicies() throws Exception {
        stop();
        glance =
                server("[x]\ncreate = context_is_admin\nread = @\nupdate = !\ndelete = context_is_admin\n", "policies");
        reserved(glance.post(ME, "/v2/images", "{\"x\": \"1\"}"), "x");
        String id = glance.create(ADMIN, "\"x\": \"1\"");
        assertThat(glance.show(ME, id).get("x").stringValue()).isEqualTo("1");
        reserved(patch(ME, id, "remove", "x"), "x");
        assertThat(patch(ADMIN, id, "remove", "x").statusCode()).isEqualTo(200);
    }

    @Test
    void aFileThatIsNoneStopsTheStart() {
        for (String wrong : List.of(
                "[x]\ncreate = @\n",
                "create = @\n",
                "[(]\ncreate = @\nread = @\nupdate = @\ndelete = @\n",
                "[x]\ncreate = @,!\nread = @\nupdate = @\ndelete = @\n")) {
            assertThatThrownBy(() -> server(wrong, "roles")).as(wrong).hasMessageContaining("property_protection");
        }
        assertThatThrownBy(() -> server("[x]\ncreate = a,b\nread = @\nupdate = @\ndelete = @\n", "policies"))
                .hasMessageContaining("property_protection");
    }
}
