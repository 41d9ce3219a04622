package io.nacre.neutron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Tx;
import io.nacre.contracts.peer.Networks.Allocation;
import io.nacre.contracts.peer.Networks.Wish;
import io.nacre.contracts.peer.SecurityGroups;
import io.nacre.contracts.peer.SecurityGroups.Group;
import io.nacre.contracts.peer.SecurityGroups.GroupName;
import io.nacre.contracts.peer.SecurityGroups.Ingress;
import io.nacre.contracts.peer.SecurityGroups.Rule;
import io.nacre.database.Database;
import io.nacre.quota.Quotas;
import io.nacre.testkit.EveryEngine;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {Quotas.MIGRATIONS, Neutron.MIGRATIONS})
class SecurityGroupPeerTest {
    private final Database database;
    private Cloud cloud;
    private SecurityGroups peer;

    SecurityGroupPeerTest(Database database) {
        this.database = database;
    }

    @BeforeEach
    void start() {
        cloud = new Cloud(database, NeutronConfig.defaults());
        cloud.report("host1", Instant.EPOCH);
        peer = cloud.neutron.groupPeer();
    }

    @AfterEach
    void stop() {
        cloud.close();
    }

    private static Caller caller(String project, String... roles) {
        Caller.Person one = new Caller.Person(project, project, "default", "Default");
        return new Caller("req-1", null, one, new Caller.Scope(one, null, false), Set.of(roles), null);
    }

    private static final Caller MINE = caller("p1", "member", "reader");
    private static final Caller OTHER = caller("p2", "member", "reader");
    private static final Caller ADMIN = caller("p3", "admin", "member", "reader");

    private List<Group> list(Caller caller, @Nullable String project) {
        return database.write(tx -> peer.list(tx, caller, project));
    }

    private void refuses(Fault.Kind kind, Consumer<Tx> work) {
        assertThatThrownBy(() -> database.run(work))
                .isInstanceOfSatisfying(
                        FaultException.class, e -> assertThat(e.fault().kind()).isEqualTo(kind));
    }

    @Test
    void aProjectSeesItsOwnGroupsAndOnlyIncomingRules() {
        Group web = database.write(tx -> peer.create(tx, MINE, "web", "d"));

        List<Group> mine = list(MINE, "p1");
        assertThat(mine).extracting(Group::name).containsExactlyInAnyOrder("default", "web");
        assertThat(web.rules()).isEmpty();
        Group standard = mine.stream()
                .filter(group -> group.name().equals("default"))
                .findFirst()
                .orElseThrow();
        assertThat(standard.rules())
                .hasSize(2)
                .allSatisfy(rule ->
                        assertThat(rule.remoteGroup()).isEqualTo(new GroupName(standard.id(), "default", "p1")));
        assertThat(list(OTHER, "p2")).extracting(Group::name).containsExactly("default");
        assertThat(list(ADMIN, null)).hasSize(3);
        List<Group> found = database.read(tx -> peer.all(tx, List.of(web.id(), "gone")));
        assertThat(found).extracting(Group::id).containsExactly(web.id());
        refuses(Fault.Kind.NOT_FOUND, tx -> peer.require(tx, OTHER, web.id()));
        refuses(Fault.Kind.NOT_FOUND, tx -> peer.update(tx, OTHER, web.id(), "stolen", ""));
        refuses(Fault.Kind.NOT_FOUND, tx -> peer.delete(tx, OTHER, web.id()));
    }

    @Test
    void aGroupThatIsSharedCanBeSeenButNotChanged() {
        Group web = database.write(tx -> peer.create(tx, MINE, "web", ""));
        assertThat(cloud.post("member@p1", "/v2.0/rbac-policies", """
                {'rbac_policy': {'object_type': 'security_group', 'object_id': '%s', 'target_tenant': 'p2',
                 'action': 'access_as_shared'}}""".formatted(web.id()))
                        .status())
                .isEqualTo(201);

        assertThat(database.read(tx -> peer.require(tx, OTHER, web.id())).name())
                .isEqualTo("web");
        refuses(Fault.Kind.FORBIDDEN, tx -> peer.update(tx, OTHER, web.id(), "stolen", ""));
        refuses(
                Fault.Kind.FORBIDDEN,
                tx -> peer.createRule(tx, OTHER, new Ingress(web.id(), "tcp", 22, 22, "0.0.0.0/0", null)));
    }

    @Test
    void rulesAreOfTheFamilyOfTheirBlockAndGoAgain() {
        Group web = database.write(tx -> peer.create(tx, MINE, "web", ""));
        Rule six =
                database.write(tx -> peer.createRule(tx, MINE, new Ingress(web.id(), "tcp", 80, 81, "fd00::/8", null)));
        Rule own = database.write(
                tx -> peer.createRule(tx, MINE, new Ingress(web.id(), null, null, null, null, web.id())));

        assertThat(six).extracting(Rule::fromPort, Rule::toPort, Rule::cidr).containsExactly(80, 81, "fd00::/8");
        assertThat(cloud.get("member@p1", "/v2.0/security-group-rules/" + six.id())
                        .body()
                        .get("ethertype")
                        .asString())
                .isEqualTo("IPv6");
        assertThat(own.remoteGroup()).isEqualTo(new GroupName(web.id(), "web", "p1"));
        Rule again = database.read(tx -> peer.requireRule(tx, MINE, own.id()));
        assertThat(again).isEqualTo(own);
        refuses(Fault.Kind.NOT_FOUND, tx -> peer.requireRule(tx, OTHER, own.id()));
        refuses(Fault.Kind.NOT_FOUND, tx -> peer.deleteRule(tx, OTHER, own.id()));
        refuses(
                Fault.Kind.CONFLICT,
                tx -> peer.createRule(tx, MINE, new Ingress(web.id(), "tcp", 80, 81, "fd00::/8", null)));

        database.run(tx -> peer.deleteRule(tx, MINE, own.id()));
        assertThat(database.read(tx -> peer.require(tx, MINE, web.id())).rules())
                .extracting(Rule::id)
                .containsExactly(six.id());
    }

    @Test
    void aGroupInUseStaysAndThePortTellsItsName() {
        String network = cloud.network("member@p1", "blue");
        cloud.post(
                "member@p1",
                "/v2.0/subnets",
                "{'subnet': {'network_id': '" + network + "', 'ip_version': 4, 'cidr': '10.0.0.0/24'}}");
        Group web = database.write(tx -> peer.create(tx, MINE, "web", ""));
        Allocation wanted =
                new Allocation("s", "s", "p1", List.of(new Wish(network, null, null, null)), List.of("web"));

        assertThat(database.write(tx -> cloud.neutron.peer().allocate(tx, MINE, wanted))
                        .getFirst()
                        .securityGroups())
                .containsExactly(new GroupName(web.id(), "web", "p1"));
        refuses(Fault.Kind.CONFLICT, tx -> peer.delete(tx, MINE, web.id()));
        database.run(tx -> cloud.neutron.peer().release(tx, "s"));
        database.run(tx -> peer.delete(tx, MINE, web.id()));
        refuses(Fault.Kind.NOT_FOUND, tx -> peer.require(tx, ADMIN, web.id()));
    }
}
