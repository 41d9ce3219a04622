package io.nacre.neutron;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.database.Database;
import io.nacre.quota.Quotas;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {Quotas.MIGRATIONS, Neutron.MIGRATIONS})
class NetworkingTest {
    private static final String MEMBER = "member@p1";
    private static final String OTHER = "member@p2";
    private static final String ADMIN = "admin@admin";

    private final Database database;
    private Cloud cloud;

    NetworkingTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        cloud = new Cloud(database, NeutronConfig.defaults());
        cloud.report("host1", Instant.EPOCH);
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void aNetworkIsShownWithItsDefaultsAndItsProviderOnlyToOperators() {
        Cloud.Answer made = cloud.post(MEMBER, "/v2.0/networks", "{'network': {'name': 'blue'}}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().get("mtu").asInt()).isEqualTo(1450);
        assertThat(made.body().get("status").asString()).isEqualTo("ACTIVE");
        assertThat(made.body().get("shared").asBoolean()).isFalse();
        assertThat(made.body().get("project_id").asString()).isEqualTo("p1");
        assertThat(made.body().has("provider:network_type")).isFalse();
        var seen = cloud.get(ADMIN, "/v2.0/networks/" + made.id()).body();
        assertThat(seen.get("provider:network_type").asString()).isEqualTo("vxlan");
        assertThat(seen.get("provider:segmentation_id").asInt()).isPositive();
    }

    @Test
    void anotherProjectsNetworkIsNotThereUnlessItIsShared() {
        String id = cloud.network(MEMBER, "blue");

        Cloud.Answer hidden = cloud.get(OTHER, "/v2.0/networks/" + id);
        assertThat(hidden.status()).isEqualTo(404);
        assertThat(hidden.type()).isEqualTo("NetworkNotFound");
        assertThat(cloud.put(ADMIN, "/v2.0/networks/" + id, "{'network': {'shared': true}}")
                        .status())
                .isEqualTo(200);
        assertThat(cloud.get(OTHER, "/v2.0/networks/" + id).body().get("shared").asBoolean())
                .isTrue();
        assertThat(cloud.delete(OTHER, "/v2.0/networks/" + id).status()).isEqualTo(403);
    }

    @Test
    void requestsThatDoNotFitAreRefusedInTheOriginalsWords() {
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'network': {'nam': 'x'}}")
                        .message())
                .isEqualTo("Unrecognized attribute(s) 'nam'");
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'network': {'name': 5}}")
                        .message())
                .isEqualTo("Invalid input for name. Reason: '5' is not a valid string.");
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'network': {'id': '5'}}")
                        .message())
                .isEqualTo("Attribute 'id' not allowed in POST");
        assertThat(cloud.post(MEMBER, "/v2.0/subnets", "{'subnet': {'ip_version': 4}}")
                        .message())
                .isEqualTo("Failed to parse request. Required attribute 'network_id' not specified");
        Cloud.Answer shared = cloud.post(MEMBER, "/v2.0/networks", "{'network': {'shared': true}}");
        assertThat(shared.status()).isEqualTo(403);
        assertThat(shared.message()).isEqualTo("rule:create_network:shared is disallowed by policy");
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'network': {'project_id': 'p2'}}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void listingsAreFilteredSortedPagedAndCutToFields() {
        for (String name : List.of("c", "a", "b")) {
            cloud.network(MEMBER, name);
        }

        var sorted = cloud.get(MEMBER, "/v2.0/networks?sort_key=name&sort_dir=asc&fields=name");
        assertThat(sorted.json().toString())
                .isEqualTo("{\"networks\":[{\"name\":\"a\"},{\"name\":\"b\"},{\"name\":\"c\"}]}");
        assertThat(cloud.get(MEMBER, "/v2.0/networks?name=a&name=b").body().size())
                .isEqualTo(2);
        assertThat(cloud.get(MEMBER, "/v2.0/networks?admin_state_up=false")
                        .body()
                        .size())
                .isZero();
        assertThat(cloud.get(MEMBER, "/v2.0/networks?nonsense=1").status()).isEqualTo(400);
        var page = cloud.get(MEMBER, "/v2.0/networks?sort_key=name&sort_dir=asc&limit=2");
        assertThat(page.json().get("networks").size()).isEqualTo(2);
        String next = page.json().get("networks_links").get(0).get("href").asString();
        var rest = cloud.get(MEMBER, next.substring(next.indexOf("/v2.0")));
        assertThat(rest.json().get("networks").size()).isEqualTo(1);
        assertThat(rest.json().get("networks").get(0).get("name").asString()).isEqualTo("c");
    }

    @Test
    void manyAreMadeTogetherOrNotAtAll() {
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'networks': [{'name': 'a'}, {'name': 'b'}]}")
                        .body()
                        .size())
                .isEqualTo(2);
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'networks': [{'name': 'c'}, {'mtu': 9999}]}")
                        .status())
                .isEqualTo(400);
        assertThat(cloud.get(MEMBER, "/v2.0/networks").body().size()).isEqualTo(2);
    }

    @Test
    void anUpdateForAnotherRevisionIsRefused() {
        String id = cloud.network(MEMBER, "blue");
        String path = "/v2.0/networks/" + id;
        String body = "{'network': {'name': 'green'}}";

        assertThat(cloud.send(MEMBER, "PUT", path, body, "If-Match", "revision_number=7")
                        .status())
                .isEqualTo(412);
        long revision = cloud.get(MEMBER, path).body().get("revision_number").asLong();
        assertThat(cloud.send(MEMBER, "PUT", path, body, "If-Match", "revision_number=" + revision)
                        .body()
                        .get("name")
                        .asString())
                .isEqualTo("green");
    }

    @Test
    void tagsAreSetAndFoundBy() {
        String id = cloud.network(MEMBER, "blue");
        cloud.network(MEMBER, "plain");
        assertThat(cloud.put(MEMBER, "/v2.0/networks/" + id + "/tags", "{'tags': ['x', 'y']}")
                        .status())
                .isEqualTo(200);
        assertThat(cloud.put(MEMBER, "/v2.0/networks/" + id + "/tags/z", null).status())
                .isEqualTo(201);
        assertThat(cloud.get(MEMBER, "/v2.0/networks?tags=x,z").body().size()).isEqualTo(1);
        assertThat(cloud.get(MEMBER, "/v2.0/networks?not-tags-any=x").body().size())
                .isEqualTo(1);
        assertThat(cloud.delete(MEMBER, "/v2.0/networks/" + id + "/tags/nope").status())
                .isEqualTo(404);
    }

    @Test
    void aSubnetGetsGatewayAndPoolsAndMayNotOverlap() {
        String network = cloud.network(MEMBER, "blue");
        String id = cloud.subnet(MEMBER, network, "10.0.0.0/28");

        var subnet = cloud.get(MEMBER, "/v2.0/subnets/" + id).body();
        assertThat(subnet.get("gateway_ip").asString()).isEqualTo("10.0.0.1");
        assertThat(subnet.get("allocation_pools").toString())
                .isEqualTo("[{\"start\":\"10.0.0.2\",\"end\":\"10.0.0.14\"}]");
        Cloud.Answer overlap = cloud.post(
                MEMBER,
                "/v2.0/subnets",
                "{'subnet': {'network_id': '" + network + "', 'cidr': '10.0.0.8/30', 'ip_version': 4}}");
        assertThat(overlap.status()).isEqualTo(400);
        assertThat(overlap.message()).contains("overlaps with another subnet");
        assertThat(cloud.get(MEMBER, "/v2.0/networks/" + network)
                        .body()
                        .get("subnets")
                        .get(0)
                        .asString())
                .isEqualTo(id);
    }

    @Test
    void portsGetDistinctAddressesUntilThePoolIsEmpty() throws Exception {
        String network = cloud.network(MEMBER, "blue");
        cloud.subnet(MEMBER, network, "10.0.0.0/28");
        List<Callable<Cloud.Answer>> wanted = new ArrayList<>();
        for (int i = 0; i < 13; i++) {
            wanted.add(() -> cloud.port(MEMBER, network, ""));
        }

        Set<String> addresses = new HashSet<>();
        int refused = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Cloud.Answer> future : threads.invokeAll(wanted)) {
                Cloud.Answer answer = future.get();
                if (answer.status() == 201) {
                    assertThat(addresses.add(answer.body()
                                    .get("fixed_ips")
                                    .get(0)
                                    .get("ip_address")
                                    .asString()))
                            .isTrue();
                } else {
                    assertThat(answer.type()).isEqualTo("IpAddressGenerationFailure");
                    refused++;
                }
            }
        }
        // 13 host addresses beside the gateway, and one of them is DHCP's.
        assertThat(addresses).hasSize(12);
        assertThat(refused).isEqualTo(1);
    }

    @Test
    void anAddressIsGivenOnceAndKeptByAnUpdate() {
        String network = cloud.network(MEMBER, "blue");
        String subnet = cloud.subnet(MEMBER, network, "10.0.0.0/24");
        String wish = ", 'fixed_ips': [{'ip_address': '10.0.0.77'}]";

        Cloud.Answer port = cloud.port(MEMBER, network, wish);
        assertThat(port.status()).isEqualTo(201);
        Cloud.Answer again = cloud.port(MEMBER, network, wish);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.type()).isEqualTo("IpAddressAlreadyAllocated");
        Cloud.Answer more = cloud.put(
                MEMBER,
                "/v2.0/ports/" + port.id(),
                "{'port': {'fixed_ips': [{'subnet_id': '" + subnet + "', 'ip_address': '10.0.0.77'}, {'subnet_id': '"
                        + subnet + "'}]}}");
        assertThat(more.body().get("fixed_ips").size()).isEqualTo(2);
        assertThat(more.body().get("fixed_ips").get(0).get("ip_address").asString())
                .isEqualTo("10.0.0.77");
        assertThat(cloud.get(MEMBER, "/v2.0/ports?fixed_ips=ip_address%3D10.0.0.77")
                        .body()
                        .size())
                .isEqualTo(1);
        assertThat(cloud.port(MEMBER, network, ", 'fixed_ips': [{'ip_address': '10.9.0.77'}]")
                        .type())
                .isEqualTo("InvalidIpForNetwork");
    }

    @Test
    void statelessIpv6AddressesFollowFromTheMac() {
        String network = cloud.network(MEMBER, "blue");
        cloud.post(
                MEMBER,
                "/v2.0/subnets",
                "{'subnet': {'network_id': '" + network + "', 'cidr': '2001:db8::/64', 'ip_version': 6,"
                        + " 'ipv6_ra_mode': 'slaac', 'ipv6_address_mode': 'slaac'}}");

        Cloud.Answer port = cloud.port(MEMBER, network, ", 'mac_address': 'fa:16:3e:01:02:03'");
        assertThat(port.body().get("fixed_ips").get(0).get("ip_address").asString())
                .isEqualTo("2001:db8::f816:3eff:fe01:203");
    }

    @Test
    void dhcpTakesTheLowestAddress() {
        String network = cloud.network(MEMBER, "blue");
        for (String cidr : List.of("10.0.0.0/24", "10.0.1.0/24")) {
            cloud.subnet(MEMBER, network, cidr);
        }
        var dhcp =
                cloud.get(ADMIN, "/v2.0/ports?device_owner=network:dhcp").body().get(0);
        assertThat(dhcp.get("fixed_ips").findValuesAsString("ip_address")).containsExactly("10.0.0.2", "10.0.1.2");
    }

    @Test
    void aNetworkInUseStaysAndTakesItsDhcpPortWithItWhenItGoes() {
        String network = cloud.network(MEMBER, "blue");
        cloud.subnet(MEMBER, network, "10.0.0.0/24");
        String port = cloud.port(MEMBER, network, "").id();

        Cloud.Answer inUse = cloud.delete(MEMBER, "/v2.0/networks/" + network);
        assertThat(inUse.status()).isEqualTo(409);
        assertThat(inUse.type()).isEqualTo("NetworkInUse");
        assertThat(cloud.delete(MEMBER, "/v2.0/ports/" + port).status()).isEqualTo(204);
        assertThat(cloud.get(MEMBER, "/v2.0/ports?network_id=" + network).body().size())
                .isEqualTo(1);
        assertThat(cloud.delete(MEMBER, "/v2.0/networks/" + network).status()).isEqualTo(204);
        assertThat(cloud.get(ADMIN, "/v2.0/ports").body().size()).isZero();
        cloud.settle();
        assertThat(cloud.hosts.get("host1").networks).isEmpty();
    }

    @Test
    void quotasHold() {
        cloud.close();
        cloud = new Cloud(
                database,
                new NeutronConfig(
                        1,
                        100,
                        1500,
                        List.of("public"),
                        "local.",
                        "nova",
                        java.time.Duration.ofSeconds(75),
                        java.util.Map.of("network", 1)));
        cloud.network(MEMBER, "a");
        Cloud.Answer over = cloud.post(MEMBER, "/v2.0/networks", "{'network': {'name': 'b'}}");
        assertThat(over.status()).isEqualTo(409);
        assertThat(over.type()).isEqualTo("OverQuota");
        assertThat(over.message()).isEqualTo("Quota exceeded for resources: ['network'].");
    }

    @Test
    void everyProjectHasADefaultGroupAndRulesAreCheckedAndUnique() {
        var groups = cloud.get(MEMBER, "/v2.0/security-groups").body();
        assertThat(groups.size()).isEqualTo(1);
        assertThat(groups.get(0).get("name").asString()).isEqualTo("default");
        assertThat(groups.get(0).get("security_group_rules").size()).isEqualTo(4);
        Cloud.Answer group = cloud.post(MEMBER, "/v2.0/security-groups", "{'security_group': {'name': 'web'}}");
        assertThat(group.body().get("security_group_rules").size()).isEqualTo(2);
        String rule = "{'security_group_rule': {'security_group_id': '" + group.id()
                + "', 'direction': 'ingress', 'protocol': 'tcp', 'port_range_min': 80, 'port_range_max': 80}}";
        assertThat(cloud.post(MEMBER, "/v2.0/security-group-rules", rule).status())
                .isEqualTo(201);
        assertThat(cloud.post(MEMBER, "/v2.0/security-group-rules", rule).type())
                .isEqualTo("SecurityGroupRuleExists");
        assertThat(cloud.post(MEMBER, "/v2.0/security-group-rules", rule.replace(": 80,", ": 90,"))
                        .type())
                .isEqualTo("SecurityGroupInvalidPortRange");
        assertThat(cloud.delete(
                                MEMBER,
                                "/v2.0/security-groups/"
                                        + groups.get(0).get("id").asString())
                        .status())
                .isEqualTo(409);
    }
}
