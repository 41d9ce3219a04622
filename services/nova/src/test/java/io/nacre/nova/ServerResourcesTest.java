package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.MetadataSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ServerResourcesTest {
    @TempDir
    Path directory;

    private NovaCloud cloud;

    @BeforeEach
    void start() {
        cloud = new NovaCloud(directory, "host1");
        cloud.flavor("1");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String active(String name) {
        String id = cloud.create("member", name);
        cloud.await(id, "ACTIVE");
        return id;
    }

    @Test
    void actionsAndTheirEventsAreReadFromTheJournal() {
        String id = active("a");
        cloud.post("member", "/servers/" + id + "/action", "{\"os-stop\": null}");
        cloud.await(id, "SHUTOFF");
        JsonNode actions = cloud.get("member", "/servers/" + id + "/os-instance-actions")
                .body()
                .get("instanceActions");
        assertThat(actions).hasSize(2);
        assertThat(actions.get(0).get("action").asString()).isEqualTo("stop");
        assertThat(actions.get(1).get("action").asString()).isEqualTo("create");
        String request = actions.get(1).get("request_id").asString();
        JsonNode shown = cloud.get("member", "/servers/" + id + "/os-instance-actions/" + request)
                .body()
                .get("instanceAction");
        assertThat(shown.get("events")).isNotEmpty();
        assertThat(shown.get("events").get(0).get("result").asString()).isEqualTo("Success");
        assertThat(shown.get("events").get(0).has("traceback")).isFalse();
        assertThat(cloud.get("member:other", "/servers/" + id + "/os-instance-actions")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void metadataItemsAreMergedReplacedAndRemoved() {
        String id = active("m");
        String path = "/servers/" + id + "/metadata";
        assertThat(cloud.post("member", path, "{\"metadata\": {\"a\": \"1\", \"b\": \"2\"}}")
                        .status())
                .isEqualTo(200);
        cloud.call("member", "PUT", "/v2.1" + path + "/b", "{\"meta\": {\"b\": \"3\"}}", 96);
        assertThat(cloud.get("member", path).body().get("metadata").get("b").asString())
                .isEqualTo("3");
        assertThat(cloud.call("member", "DELETE", "/v2.1" + path + "/a", null, 96)
                        .status())
                .isEqualTo(204);
        assertThat(cloud.call("member", "DELETE", "/v2.1" + path + "/a", null, 96)
                        .status())
                .isEqualTo(404);
        cloud.call("member", "PUT", "/v2.1" + path, "{\"metadata\": {}}", 96);
        assertThat(cloud.get("member", path).body().get("metadata")).isEmpty();
    }

    @Test
    void tagsCanBeAddedAndFilteredBy() {
        String id = active("t");
        active("untagged");
        assertThat(cloud.call("member", "PUT", "/v2.1/servers/" + id + "/tags/blue", null, 96)
                        .status())
                .isEqualTo(201);
        assertThat(cloud.call("member", "PUT", "/v2.1/servers/" + id + "/tags/blue", null, 96)
                        .status())
                .isEqualTo(204);
        assertThat(cloud.get("member", "/servers?tags=blue").body().get("servers"))
                .hasSize(1);
        assertThat(cloud.get("member", "/servers?not-tags=blue").body().get("servers"))
                .hasSize(1);
        assertThat(cloud.get("member", "/servers/" + id)
                        .body()
                        .get("server")
                        .get("tags")
                        .get(0)
                        .asString())
                .isEqualTo("blue");
    }

    @Test
    void aListingIsFilteredByStatusNameAndAddressAndReadInPages() {
        active("web-1");
        active("web-2");
        String stopped = active("db-1");
        cloud.post("member", "/servers/" + stopped + "/action", "{\"os-stop\": null}");
        cloud.await(stopped, "SHUTOFF");
        assertThat(names("/servers?name=web")).containsExactly("web-2", "web-1");
        assertThat(names("/servers?name=%5Edb-.%24")).containsExactly("db-1");
        assertThat(names("/servers?status=SHUTOFF")).containsExactly("db-1");
        assertThat(names("/servers?ip=10.0.0.2%24")).hasSize(1);
        assertThat(names("/servers?sort_key=display_name&sort_dir=asc")).containsExactly("db-1", "web-1", "web-2");
        JsonNode page = cloud.get("member", "/servers?limit=2").body();
        assertThat(page.get("servers")).hasSize(2);
        String next = page.get("servers_links").get(0).get("href").asString();
        assertThat(names(next.substring(next.indexOf("/servers")))).containsExactly("web-1");
        assertThat(cloud.get("member", "/servers?marker=nope").status()).isEqualTo(400);
        assertThat(cloud.get("member", "/servers?all_tenants=1").status()).isEqualTo(403);
        assertThat(names("/servers?host=host1")).hasSize(3);
        assertThat(cloud.get("member:other", "/servers").body().get("servers")).isEmpty();
    }

    private List<String> names(String path) {
        NovaCloud.Answer answer = cloud.get("member", path);
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(200);
        return answer.body()
                .get("servers")
                .valueStream()
                .map(server -> server.get("name").asString())
                .toList();
    }

    @Test
    void addressesInterfacesAndConsoleAreShown() {
        String id = active("c");
        JsonNode ips = cloud.get("member", "/servers/" + id + "/ips").body().get("addresses");
        assertThat(ips.get("private").get(0).has("OS-EXT-IPS:type")).isFalse();
        JsonNode port = cloud.get("member", "/servers/" + id + "/os-interface")
                .body()
                .get("interfaceAttachments")
                .get(0);
        assertThat(port.get("fixed_ips").get(0).get("subnet_id").asString()).isEqualTo(FakeNetworks.SUBNET.id());
        assertThat(cloud.post("member", "/servers/" + id + "/action", "{\"os-getConsoleOutput\": {\"length\": 1}}")
                        .body()
                        .get("output")
                        .asString())
                .isEqualTo("one\ntwo\nthree\n");
    }

    @Test
    void aGuestLearnsOfItselfByItsAddressAlone() {
        cloud.call("member", "POST", "/v2.1/os-keypairs", "{\"keypair\": {\"name\": \"k\"}}", 90);
        NovaCloud.Answer made = cloud.post("member", "/servers", """
                {"server": {"name": "My Guest", "flavorRef": "1", "imageRef": "%s", "networks": "auto", "key_name": "k",
                  "config_drive": true, "user_data": "aGVsbG8=", "metadata": {"role": "web"}}}""".formatted(FakeImages.CIRROS));
        String id = made.body().get("server").get("id").asString();
        String address = cloud.await(id, "ACTIVE")
                .get("addresses")
                .get("private")
                .get(0)
                .get("addr")
                .asString();
        assertThat(ask(address, "/openstack/latest/meta_data.json"))
                .contains("\"uuid\":\"" + id, "\"hostname\":\"my-guest.novalocal\"", "\"role\":\"web\"", "ssh-rsa");
        assertThat(ask(address, "/openstack/latest/user_data")).isEqualTo("hello");
        assertThat(ask(address, "/latest/meta-data/public-keys/0/openssh-key")).startsWith("ssh-rsa");
        assertThat(ask(address, "/latest/meta-data/public-keys/")).isEqualTo("0=k");
        assertThat(ask(address, "/2009-04-04/meta-data/local-ipv4")).isEqualTo(address);
        assertThat(ask("10.0.0.200", "/openstack/latest/meta_data.json")).isEqualTo("Not Found");
        Map<String, byte[]> drive = cloud.nodes.get("host1").specs.get(id).configDrive();
        assertThat(drive).containsKeys("openstack/latest/meta_data.json", "openstack/latest/network_data.json");
        assertThat(new String(drive.get("openstack/latest/user_data"), StandardCharsets.UTF_8))
                .isEqualTo("hello");
    }

    private String ask(String address, String path) {
        return new String(send(address, "GET", path, "").body(), StandardCharsets.UTF_8);
    }

    private MetadataSource.Answer send(String address, String method, String path, String body) {
        return cloud.nova
                .metadata()
                .metadata(new MetadataSource.Query(FakeNetworks.NETWORK, address, method, path, body));
    }

    @Test
    void aGuestTellsItsPasswordOnceUntilItIsCleared() {
        String id = active("pw");
        String address = cloud.show(id)
                .get("addresses")
                .get("private")
                .get(0)
                .get("addr")
                .asString();
        String path = "/openstack/2013-10-17/password";
        String api = "/servers/" + id + "/os-server-password";
        assertThat(cloud.get("reader", api).body().get("password").asString()).isEmpty();
        assertThat(send(address, "POST", path, "x".repeat(1021)).status()).isEqualTo(400);
        assertThat(send(address, "POST", path, "").status()).isEqualTo(400);
        assertThat(send(address, "POST", path, "sealed").status()).isEqualTo(200);
        assertThat(send(address, "POST", path, "another").status()).isEqualTo(409);
        assertThat(send(address, "POST", "/openstack/2012-08-10/password", "old")
                        .status())
                .isEqualTo(405);
        assertThat(send("10.0.0.200", "POST", path, "stranger").status()).isEqualTo(404);
        assertThat(ask(address, path)).isEqualTo("sealed");
        assertThat(cloud.get("reader", api).body().get("password").asString()).isEqualTo("sealed");
        assertThat(cloud.get("reader:other", api).status()).isEqualTo(404);
        assertThat(cloud.call("reader", "DELETE", "/v2.1" + api, null, 96).status())
                .isEqualTo(403);
        assertThat(cloud.call("member", "DELETE", "/v2.1" + api, null, 96).status())
                .isEqualTo(204);
        assertThat(cloud.get("reader", api).body().get("password").asString()).isEmpty();
        assertThat(send(address, "POST", path, "another").status()).isEqualTo(200);
    }

    @Test
    void aMethodThatAPathDoesNotHaveIsNotFound() {
        assertThat(cloud.call("member", "DELETE", "/v2.1/servers/", null, 96).status())
                .isEqualTo(404);
    }

    @Test
    void keyPairsAreMadeUntil291AndOnlyImportedAfterwards() {
        NovaCloud.Answer made =
                cloud.call("member", "POST", "/v2.1/os-keypairs", "{\"keypair\": {\"name\": \"mine\"}}", 91);
        assertThat(made.status()).isEqualTo(201);
        JsonNode key = made.body().get("keypair");
        assertThat(key.get("private_key").asString()).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(key.get("fingerprint").asString()).matches("([0-9a-f]{2}:){15}[0-9a-f]{2}");
        assertThat(cloud.post("member", "/os-keypairs", "{\"keypair\": {\"name\": \"other\"}}")
                        .status())
                .isEqualTo(400);
        String text = key.get("public_key").asString();
        NovaCloud.Answer imported = cloud.post(
                "member", "/os-keypairs", "{\"keypair\": {\"name\": \"again\", \"public_key\": \"" + text + "\"}}");
        assertThat(imported.body().get("keypair").get("fingerprint")).isEqualTo(key.get("fingerprint"));
        assertThat(cloud.post("member", "/os-keypairs", """
                        {"keypair": {"name": "bad", "public_key": "ssh-rsa nonsense"}}""").status()).isEqualTo(400);
        assertThat(cloud.post("member", "/os-keypairs", """
                        {"keypair": {"name": "again", "public_key": "%s"}}""".formatted(text)).status())
                .isEqualTo(409);
        assertThat(cloud.get("member", "/os-keypairs").body().get("keypairs")).hasSize(2);
        assertThat(cloud.get("member", "/os-keypairs?user_id=somebody").status())
                .isEqualTo(403);
        assertThat(cloud.call("member", "DELETE", "/v2.1/os-keypairs/mine", null, 96)
                        .status())
                .isEqualTo(204);
        assertThat(cloud.get("member", "/os-keypairs/mine").status()).isEqualTo(404);
    }

    @Test
    void aCertificateCanBeMadeForAUser() {
        NovaCloud.Answer made = cloud.call(
                "member", "POST", "/v2.1/os-keypairs", "{\"keypair\": {\"name\": \"w\", \"type\": \"x509\"}}", 91);
        JsonNode key = made.body().get("keypair");
        assertThat(key.get("public_key").asString()).startsWith("-----BEGIN CERTIFICATE-----");
        assertThat(key.get("fingerprint").asString()).matches("([0-9a-f]{2}:){19}[0-9a-f]{2}");
    }

    @Test
    void aGuestThatDiesIsShutOff() {
        String id = active("d");
        cloud.nova
                .powerSync()
                .heard(new GuestChanged(
                        "host1", new ComputeNode.GuestReport(id, ComputeNode.PowerState.SHUTDOWN, "it was killed")));
        assertThat(cloud.show(id).get("status").asString()).isEqualTo("SHUTOFF");
        assertThat(cloud.show(id).get("OS-EXT-STS:power_state").asInt()).isEqualTo(4);
    }

    @Test
    void theReconcilerFindsADeadGuestAndRemovesOneOfADeletedServer() {
        String dead = active("dead");
        String gone = active("gone");
        cloud.call("member", "DELETE", "/v2.1/servers/" + gone, null, 96);
        cloud.awaitGone(gone);
        FakeNode node = cloud.nodes.get("host1");
        node.guests.put(dead, ComputeNode.PowerState.CRASHED);
        node.guests.put(gone, ComputeNode.PowerState.RUNNING);
        node.guests.put("11111111-1111-1111-1111-111111111111", ComputeNode.PowerState.RUNNING);
        cloud.nova.powerSync().run();
        assertThat(cloud.show(dead).get("status").asString()).isEqualTo("SHUTOFF");
        assertThat(node.guests).doesNotContainKey(gone);
        assertThat(node.guests).containsKey("11111111-1111-1111-1111-111111111111");
    }

    @Test
    void aQuotaIsKeptExactly() {
        for (int i = 0; i < 10; i++) {
            cloud.create("member", "q" + i);
        }
        NovaCloud.Answer refused = cloud.post("member", "/servers", """
                {"server": {"name": "x", "flavorRef": "1", "imageRef": "%s", "networks": "none"}}""".formatted(FakeImages.CIRROS));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body().get("forbidden").get("message").asString())
                .isEqualTo("Quota exceeded for instances: Requested 1, but already used 10 of 10 instances");
    }

    @Test
    void badRequestsSayWhatIsWrong() {
        assertThat(
                        message(
                                "{\"server\": {\"name\": \"x\", \"flavorRef\": \"nope\", \"imageRef\": \"%s\", \"networks\": \"none\"}}"))
                .isEqualTo("Flavor nope could not be found.");
        assertThat(message("{\"server\": {\"name\": \"x\", \"flavorRef\": \"1\", \"imageRef\": \"%s\"}}"))
                .contains("networks");
        assertThat(
                        message(
                                "{\"server\": {\"name\": \" \", \"flavorRef\": \"1\", \"imageRef\": \"%s\", \"networks\": \"none\"}}"))
                .contains("name");
        assertThat(message(
                        "{\"server\": {\"name\": \"x\", \"flavorRef\": \"1\", \"imageRef\": \"%s\", \"networks\": \"none\","
                                + " \"security_groups\": [{\"name\": \"nope\"}]}}"))
                .contains("nope");
        assertThat(message(
                        "{\"server\": {\"name\": \"x\", \"flavorRef\": \"1\", \"imageRef\": \"%s\", \"networks\": \"none\","
                                + " \"key_name\": \"nope\"}}"))
                .isEqualTo("Invalid key_name provided.");
        assertThat(message("{\"server\": {\"name\": \"x\", \"flavorRef\": \"1\", \"networks\": \"none\","
                        + " \"imageRef\": \"11111111-1111-1111-1111-111111111111\"}}"))
                .isEqualTo("Can not find requested image");
    }

    private String message(String body) {
        NovaCloud.Answer answer = cloud.post("member", "/servers", body.replace("%s", FakeImages.CIRROS));
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(400);
        return answer.body().get("badRequest").get("message").asString();
    }

    @Test
    void versionDocumentsNeedNoToken() {
        JsonNode versions = cloud.call("", "GET", "/", null, 1).body().get("versions");
        assertThat(versions.get(1).get("version").asString()).isEqualTo("2.96");
        JsonNode one = cloud.call("", "GET", "/v2.1/", null, 1).body().get("version");
        assertThat(one.get("min_version").asString()).isEqualTo("2.1");
        NovaCloud.Answer refused = cloud.call("", "GET", "/v2.1/servers", null, 1);
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.raw().headers().firstValue("WWW-Authenticate")).isPresent();
    }
}
