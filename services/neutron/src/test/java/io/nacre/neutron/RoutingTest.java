package io.nacre.neutron;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.contracts.node.NetworkNode.RouterSpec;
import io.nacre.database.Database;
import io.nacre.quota.Quotas;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {Quotas.MIGRATIONS, Neutron.MIGRATIONS})
class RoutingTest {
    private static final String MEMBER = "member@p1";
    private static final String ADMIN = "admin@admin";

    private final Database database;
    private Cloud cloud;
    private String external;
    private String inner;
    private String subnet;

    RoutingTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        cloud = new Cloud(database, NeutronConfig.defaults());
        cloud.report("host1", Instant.EPOCH);
        external = cloud.post(
                        ADMIN,
                        "/v2.0/networks",
                        "{'network': {'name': 'public', 'router:external': true, 'provider:network_type': 'flat',"
                                + " 'provider:physical_network': 'public'}}")
                .id();
        cloud.post(
                ADMIN,
                "/v2.0/subnets",
                "{'subnet': {'network_id': '" + external
                        + "', 'cidr': '172.24.4.0/24', 'ip_version': 4, 'enable_dhcp': false}}");
        inner = cloud.network(MEMBER, "inner");
        subnet = cloud.subnet(MEMBER, inner, "10.0.0.0/24");
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private String router() {
        Cloud.Answer made = cloud.post(
                MEMBER,
                "/v2.0/routers",
                "{'router': {'name': 'r', 'external_gateway_info': {'network_id': '" + external + "'}}}");
        assertThat(made.status()).as(made.message()).isEqualTo(201);
        return made.id();
    }

    private Cloud.Answer connect(String router) {
        return cloud.put(
                MEMBER, "/v2.0/routers/" + router + "/add_router_interface", "{'subnet_id': '" + subnet + "'}");
    }

    @Test
    void aRouterConnectsASubnetWithTheWorld() {
        String router = router();
        Cloud.Answer connected = connect(router);

        assertThat(connected.status()).as(connected.message()).isEqualTo(200);
        assertThat(connected.json().get("subnet_id").asString()).isEqualTo(subnet);
        cloud.settle();
        RouterSpec spec = cloud.hosts.get("host1").routers.get(router);
        assertThat(spec.legs())
                .singleElement()
                .satisfies(leg -> assertThat(leg.addresses()).containsExactly("10.0.0.1/24"));
        assertThat(spec.gatewayNextHop()).isEqualTo("172.24.4.1");
        assertThat(spec.snat()).isTrue();
        assertThat(cloud.hosts.get("host1").networks.get(external).physicalNetwork())
                .isEqualTo("public");
        assertThat(cloud.hosts
                        .get("host1")
                        .networks
                        .get(inner)
                        .dhcp()
                        .subnets()
                        .getFirst()
                        .routed())
                .isTrue();
        assertThat(connect(router).message())
                .isEqualTo("Bad router request: Router already has a port on subnet " + subnet + ".");
        assertThat(cloud.delete(MEMBER, "/v2.0/routers/" + router).type()).isEqualTo("RouterInUse");
        assertThat(cloud.delete(MEMBER, "/v2.0/subnets/" + subnet).type()).isEqualTo("SubnetInUse");
    }

    @Test
    void aRouterThatGoesLeavesNothing() {
        String router = router();
        connect(router);
        cloud.settle();
        assertThat(cloud.put(
                                MEMBER,
                                "/v2.0/routers/" + router + "/remove_router_interface",
                                "{'subnet_id': '" + subnet + "'}")
                        .status())
                .isEqualTo(200);
        assertThat(cloud.delete(MEMBER, "/v2.0/routers/" + router).status()).isEqualTo(204);
        cloud.settle();
        assertThat(cloud.hosts.get("host1").routers).isEmpty();
        assertThat(cloud.hosts.get("host1").networks).containsOnlyKeys(inner);
        assertThat(cloud.get(ADMIN, "/v2.0/ports?network_id=" + external).body().size())
                .isZero();
    }

    @Test
    void aFloatingAddressLeadsToAPortUntilThatGoes() {
        String router = router();
        String port = cloud.port(MEMBER, inner, "").id();
        String body = "{'floatingip': {'floating_network_id': '" + external + "', 'port_id': '" + port + "'}}";
        assertThat(cloud.post(MEMBER, "/v2.0/floatingips", body).type())
                .isEqualTo("ExternalGatewayForFloatingIPNotFound");
        connect(router);
        Cloud.Answer floating = cloud.post(MEMBER, "/v2.0/floatingips", body);

        assertThat(floating.status()).as(floating.message()).isEqualTo(201);
        assertThat(floating.body().get("router_id").asString()).isEqualTo(router);
        assertThat(floating.body().get("port_details").get("network_id").asString())
                .isEqualTo(inner);
        assertThat(cloud.post(MEMBER, "/v2.0/floatingips", body).type()).isEqualTo("FloatingIPPortAlreadyAssociated");
        cloud.settle();
        assertThat(cloud.hosts.get("host1").routers.get(router).floatingIps()).hasSize(1);
        String path = "/v2.0/floatingips/" + floating.id();
        assertThat(cloud.get(MEMBER, path).body().get("status").asString()).isEqualTo("ACTIVE");
        assertThat(cloud.put(
                                MEMBER,
                                "/v2.0/routers/" + router + "/remove_router_interface",
                                "{'subnet_id': '" + subnet + "'}")
                        .type())
                .isEqualTo("RouterInterfaceInUseByFloatingIP");

        assertThat(cloud.delete(MEMBER, "/v2.0/ports/" + port).status()).isEqualTo(204);
        var freed = cloud.get(MEMBER, path).body();
        assertThat(freed.get("port_id").isNull()).isTrue();
        assertThat(freed.get("status").asString()).isEqualTo("DOWN");
        cloud.settle();
        assertThat(cloud.hosts.get("host1").routers.get(router).floatingIps()).isEmpty();
        assertThat(cloud.delete(MEMBER, path).status()).isEqualTo(204);
        assertThat(cloud.get(ADMIN, "/v2.0/ports?device_owner=network:floatingip")
                        .body()
                        .size())
                .isZero();
    }

    @Test
    void aChangeOfAFloatingAddressThatSaysNothingEndsItsAssociation() {
        connect(router());
        String port = cloud.port(MEMBER, inner, "").id();
        String body = "{'floatingip': {'floating_network_id': '" + external + "', 'port_id': '" + port + "'}}";
        String path = "/v2.0/floatingips/"
                + cloud.post(MEMBER, "/v2.0/floatingips", body).id();

        Cloud.Answer described = cloud.put(MEMBER, path, "{'floatingip': {'description': 'mine'}}");
        assertThat(described.body().get("port_id").asString()).isEqualTo(port);
        assertThat(cloud.put(MEMBER, path, "{'floatingip': {'fixed_ip_address': '10.0.0.5'}}")
                        .message())
                .contains("cannot be specified without a port_id");
        Cloud.Answer blank = cloud.put(MEMBER, path, "{'floatingip': {}}");
        assertThat(blank.status()).as(blank.message()).isEqualTo(200);
        assertThat(blank.body().get("port_id").isNull()).isTrue();
    }

    @Test
    void aFloatingAddressLeadsToNoPortOfAnotherProject() {
        connect(router());
        String path = "/v2.0/floatingips/"
                + cloud.post(MEMBER, "/v2.0/floatingips", "{'floatingip': {'floating_network_id': '" + external + "'}}")
                        .id();
        String foreign = cloud.port(ADMIN, inner, ", 'project_id': 'p2'").id();
        String hidden = cloud.port(ADMIN, cloud.network(ADMIN, "hidden"), "").id();

        assertThat(cloud.put(MEMBER, path, "{'floatingip': {'port_id': '" + foreign + "'}}")
                        .message())
                .contains("different project");
        assertThat(cloud.put(MEMBER, path, "{'floatingip': {'port_id': '" + hidden + "'}}")
                        .type())
                .isEqualTo("PortNotFound");
        assertThat(cloud.get(MEMBER, path).body().get("port_id").isNull()).isTrue();
    }

    @Test
    void anExternalNetworkGoesWithTheFloatingAddressesThatLeadNowhere() {
        String floating = "{'floatingip': {'floating_network_id': '" + external + "'}}";
        String idle = cloud.post(MEMBER, "/v2.0/floatingips", floating).id();
        String router = router();
        String network = "/v2.0/networks/" + external;
        assertThat(cloud.delete(ADMIN, network).type()).isEqualTo("NetworkInUse");
        assertThat(cloud.get(MEMBER, "/v2.0/floatingips/" + idle).status()).isEqualTo(200);

        assertThat(cloud.delete(MEMBER, "/v2.0/routers/" + router).status()).isEqualTo(204);
        assertThat(cloud.delete(ADMIN, network).status()).isEqualTo(204);
        assertThat(cloud.get(MEMBER, "/v2.0/floatingips/" + idle).status()).isEqualTo(404);
    }

    @Test
    void extraRoutesMustBeReachable() {
        String router = router();
        connect(router);
        String path = "/v2.0/routers/" + router;
        String route = "{'destination': '192.168.5.0/24', 'nexthop': '10.0.0.9'}";
        assertThat(cloud.put(MEMBER, path, "{'router': {'routes': [" + route + "]}}")
                        .body()
                        .get("routes")
                        .size())
                .isEqualTo(1);
        assertThat(cloud.put(MEMBER, path, "{'router': {'routes': [" + route.replace("10.0.0.9", "10.9.0.9") + "]}}")
                        .type())
                .isEqualTo("InvalidRoutes");
        cloud.settle();
        assertThat(cloud.hosts.get("host1").routers.get(router).routes()).containsEntry("192.168.5.0/24", "10.0.0.9");
        assertThat(cloud.put(MEMBER, path + "/remove_extraroutes", "{'router': {'routes': [" + route + "]}}")
                        .body()
                        .get("routes")
                        .size())
                .isZero();
    }

    @Test
    void subnetsAreCutFromAPoolWithoutOverlap() {
        Cloud.Answer pool = cloud.post(
                MEMBER,
                "/v2.0/subnetpools",
                "{'subnetpool': {'name': 'p', 'prefixes': ['10.11.0.0/24', '10.11.1.0/24'],"
                        + " 'default_prefixlen': 24}}");
        assertThat(pool.body().get("prefixes").toString()).isEqualTo("[\"10.11.0.0/23\"]");
        assertThat(pool.body().get("min_prefixlen").asString()).isEqualTo("8");
        String network = cloud.network(MEMBER, "pooled");
        String body =
                "{'subnet': {'network_id': '" + network + "', 'ip_version': 4, 'subnetpool_id': '" + pool.id() + "'}}";
        for (String cidr : List.of("10.11.0.0/24", "10.11.1.0/24")) {
            assertThat(cloud.post(MEMBER, "/v2.0/subnets", body)
                            .body()
                            .get("cidr")
                            .asString())
                    .isEqualTo(cidr);
        }
        assertThat(cloud.post(MEMBER, "/v2.0/subnets", body).type()).isEqualTo("SubnetAllocationError");
        assertThat(cloud.delete(MEMBER, "/v2.0/subnetpools/" + pool.id()).status())
                .isEqualTo(400);
    }

    @Test
    void agentsZonesQuotasAndExtensionsAreShown() {
        assertThat(cloud.get(ADMIN, "/v2.0/agents").body().size()).isEqualTo(4);
        assertThat(cloud.get(ADMIN, "/v2.0/agents?agent_type=DHCP%20agent&alive=true")
                        .body()
                        .get(0)
                        .get("host")
                        .asString())
                .isEqualTo("host1");
        assertThat(cloud.get(MEMBER, "/v2.0/agents").body().size()).isZero();
        assertThat(cloud.get(MEMBER, "/v2.0/availability_zones").body().size()).isEqualTo(2);
        var usage = cloud.get(MEMBER, "/v2.0/quotas/p1/details").body();
        assertThat(usage.get("network").get("used").asInt()).isEqualTo(1);
        assertThat(cloud.put(ADMIN, "/v2.0/quotas/p1", "{'quota': {'network': 1}}")
                        .status())
                .isEqualTo(200);
        assertThat(cloud.post(MEMBER, "/v2.0/networks", "{'network': {}}").type())
                .isEqualTo("OverQuota");
        assertThat(cloud.get(ADMIN, "/v2.0/quotas").body().size()).isEqualTo(1);
        assertThat(cloud.delete(ADMIN, "/v2.0/quotas/p1").status()).isEqualTo(204);
        assertThat(cloud.get("reader@p2", "/v2.0/quotas/p1").status()).isEqualTo(403);
        assertThat(cloud.get(MEMBER, "/v2.0/extensions/router")
                        .body()
                        .get("name")
                        .asString())
                .isEqualTo("Neutron L3 Router");
        assertThat(cloud.get(MEMBER, "/v2.0/extensions/trunk").status()).isEqualTo(404);
        assertThat(cloud.get(ADMIN, "/v2.0/network-ip-availabilities/" + inner)
                        .body()
                        .get("used_ips")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aNetworkIsSharedWithOneProjectByPolicy() {
        Cloud.Answer policy = cloud.post(
                MEMBER,
                "/v2.0/rbac-policies",
                "{'rbac_policy': {'object_type': 'network', 'object_id': '" + inner
                        + "', 'action': 'access_as_shared', 'target_tenant': 'p2'}}");
        assertThat(policy.status()).as(policy.message()).isEqualTo(201);
        assertThat(cloud.get("member@p2", "/v2.0/networks/" + inner)
                        .body()
                        .get("shared")
                        .asBoolean())
                .isTrue();
        assertThat(cloud.get("member@p3", "/v2.0/networks/" + inner).status()).isEqualTo(404);
        String port = cloud.port("member@p2", inner, "").id();
        String path = "/v2.0/rbac-policies/" + policy.id();
        assertThat(cloud.delete(MEMBER, path).type()).isEqualTo("InvalidSharedSetting");
        cloud.delete("member@p2", "/v2.0/ports/" + port);
        assertThat(cloud.delete(MEMBER, path).status()).isEqualTo(204);
        assertThat(cloud.get("member@p2", "/v2.0/networks/" + inner).status()).isEqualTo(404);
    }
}
