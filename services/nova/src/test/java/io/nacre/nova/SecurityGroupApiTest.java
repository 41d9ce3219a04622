package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SecurityGroupApiTest {
    private static final String GROUPS = "/os-security-groups";
    private static final String RULES = "/os-security-group-rules";

    @TempDir
    Path directory;

    private NovaCloud cloud;

    @BeforeEach
    void start() {
        cloud = new NovaCloud(directory, "host1");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private NovaCloud.Answer old(String token, String method, String path, @Nullable String body) {
        return cloud.call(token, method, "/v2.1" + path, body, 35);
    }

    private String made(String name) {
        NovaCloud.Answer answer = old("member", "POST", GROUPS, """
                {"security_group": {"name": "%s", "description": "d"}}""".formatted(name));
        assertThat(answer.status()).isEqualTo(200);
        return answer.body().get("security_group").get("id").asString();
    }

    private NovaCloud.Answer rule(String rest) {
        return old("member", "POST", RULES, "{\"security_group_rule\": {" + rest + "}}");
    }

    @Test
    void groupsAreMadeShownChangedAndRemoved() {
        String id = made(" web ");
        JsonNode shown = old("reader", "GET", GROUPS + "/" + id, null).body().get("security_group");
        assertThat(shown.toString()).isEqualTo("""
                {"id":"%s","name":" web ","description":"d","tenant_id":"p1","rules":[]}""".formatted(id));
        assertThat(old("member", "PUT", GROUPS + "/" + id, """
                {"security_group": {"name": "web2", "description": "e"}}""")
                        .body()
                        .get("security_group")
                        .get("name")
                        .asString())
                .isEqualTo("web2");
        assertThat(old("reader", "GET", GROUPS + "?limit=1", null).body().get("security_groups"))
                .hasSize(1);
        assertThat(old("member", "DELETE", GROUPS + "/" + id, null).status()).isEqualTo(202);
        assertThat(old("member", "GET", GROUPS + "/" + id, null).status()).isEqualTo(404);
    }

    @Test
    void laterVersionsDoNotKnowThem() {
        assertThat(cloud.call("admin", "GET", "/v2.1" + GROUPS, null, 36).status())
                .isEqualTo(404);
    }

    @Test
    void readersAndStrangersChangeNothing() {
        String id = made("g");
        assertThat(old("reader", "DELETE", GROUPS + "/" + id, null).status()).isEqualTo(403);
        assertThat(old("member:other", "DELETE", GROUPS + "/" + id, null).status())
                .isEqualTo(404);
        assertThat(old("member:other", "GET", GROUPS, null).body().get("security_groups"))
                .isEmpty();
        assertThat(old("admin:other", "GET", GROUPS + "?all_tenants=1", null)
                        .body()
                        .get("security_groups"))
                .hasSize(2);
    }

    @Test
    void conflictsAreToldAsTheOriginalTellsThem() {
        assertThat(old("member", "POST", GROUPS, """
                {"security_group": {"name": "default", "description": ""}}""").status()).isEqualTo(403);
        assertThat(old("member", "DELETE", GROUPS + "/" + FakeSecurityGroups.DEFAULT.id(), null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aRuleLetsABlockOrAGroupIn() {
        String id = made("g");
        String from = made("from");
        JsonNode block = rule("\"parent_group_id\": \"" + id + "\", \"ip_protocol\": \"tcp\", \"from_port\": \"22\","
                        + " \"to_port\": 22")
                .body()
                .get("security_group_rule");
        assertThat(block.get("ip_range").toString()).isEqualTo("{\"cidr\":\"0.0.0.0/0\"}");
        assertThat(block.get("group").toString()).isEqualTo("{}");
        assertThat(block.get("from_port").asInt()).isEqualTo(22);
        JsonNode group = rule("\"parent_group_id\": \"" + id + "\", \"ip_protocol\": \"udp\", \"group_id\": \"" + from
                        + "\"")
                .body()
                .get("security_group_rule");
        assertThat(group.get("group").get("name").asString()).isEqualTo("from");
        assertThat(group.get("ip_range").toString()).isEqualTo("{}");
        assertThat(group.get("to_port").asInt()).isEqualTo(65535);
        JsonNode icmp = rule("\"parent_group_id\": \"" + id + "\", \"ip_protocol\": \"icmp\", \"from_port\": -1,"
                        + " \"to_port\": -1, \"cidr\": \"fd00::/8\"")
                .body()
                .get("security_group_rule");
        assertThat(icmp.get("from_port").asInt()).isEqualTo(-1);
        assertThat(old("reader", "GET", GROUPS + "/" + id, null)
                        .body()
                        .get("security_group")
                        .get("rules"))
                .hasSize(3);
        assertThat(rule("\"parent_group_id\": \"" + id + "\", \"ip_protocol\": \"tcp\", \"from_port\": 22,"
                                + " \"to_port\": 22")
                        .raw()
                        .body())
                .contains("This rule already exists in group " + id);
        assertThat(old("member", "DELETE", RULES + "/" + block.get("id").asString(), null)
                        .status())
                .isEqualTo(202);
        assertThat(old("member", "DELETE", RULES + "/" + block.get("id").asString(), null)
                        .status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'tcp';22;x;null;To and From ports must be integers",
                "'icmp';x;0;null;Type and Code must be integers",
                "'gre';1;2;null;Invalid IP protocol gre.",
                "'tcp';23;22;null;Invalid port range 23:22",
                "'tcp';0;22;null;Valid TCP ports should be between 1-65535",
                "'icmp';-2;0;null;For ICMP, the type:code must be valid",
                "'tcp';22;22;10.0.0.1;is not a valid IP network",
                "'tcp';22;22;10.0.0.0/33;is not a valid IP network",
                "'tcp';22;22;10.0.0.0/0;Bad prefix for network in cidr 10.0.0.0/0",
                "'tcp';;22;10.0.0.0/8;Not enough parameters to build a valid rule."
            })
    void whatNoRuleCanBeIsRefused(
            String protocol, @Nullable String from, @Nullable String to, String cidr, String message) {
        NovaCloud.Answer answer = rule("\"parent_group_id\": \"" + FakeSecurityGroups.DEFAULT.id()
                + "\", \"ip_protocol\": \"" + protocol + "\", \"from_port\": " + json(from) + ", \"to_port\": "
                + json(to) + ", \"cidr\": " + (cidr.equals("null") ? "null" : json(cidr)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().get("badRequest").get("message").asString()).contains(message);
    }

    private static String json(@Nullable String text) {
        return text == null ? "null" : "\"" + text + "\"";
    }

    @Test
    void anIdIsAUuid() {
        assertThat(old("member", "GET", GROUPS + "/7", null).raw().body()).contains("Security group id should be uuid");
    }

    @Test
    void aServerShowsItsGroupsByNameAndListsThemWhole() {
        cloud.flavor("1");
        String id = cloud.create("member", "s");
        cloud.await(id, "ACTIVE");
        assertThat(cloud.show(id).get("security_groups").toString()).isEqualTo("[{\"name\":\"default\"}]");
        JsonNode whole = cloud.get("reader", "/servers/" + id + GROUPS).body().get("security_groups");
        assertThat(whole.get(0).get("id").asString()).isEqualTo(FakeSecurityGroups.DEFAULT.id());
        assertThat(whole.get(0).get("rules").isArray()).isTrue();
    }
}
