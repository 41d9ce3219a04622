package io.nacre.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Transactions;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.peer.Networks;
import io.nacre.nova.flavor.Flavor;
import io.nacre.nova.host.HostReports;
import io.nacre.nova.host.HostStore;
import io.nacre.nova.metadata.GuestDocuments;
import io.nacre.nova.scheduler.Scheduler;
import io.nacre.nova.server.Groups;
import io.nacre.nova.server.Server;
import io.nacre.nova.server.ServerState;
import io.nacre.nova.server.ServerStore;
import io.nacre.nova.server.TaskState;
import io.nacre.nova.server.VmState;
import io.nacre.nova.server.action.HostChoice;
import io.nacre.nova.server.action.ServerCreate;
import io.nacre.nova.server.action.ServerDelete;
import io.nacre.nova.server.action.ServerPower;
import io.nacre.nova.server.action.ServerSagas;
import io.nacre.tasks.Saga;
import io.nacre.tasks.Tasks;
import io.nacre.testkit.EveryEngine;
import io.nacre.testkit.SagaSweep;
import io.nacre.testkit.SagaWorld;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Sweeps {@link ServerCreate}, {@link ServerDelete} and {@link ServerPower}. */
@EveryEngine(migrations = {"db/nova", "db/quota", "db/tasks", "db/fake"})
class ServerSagasTest {
    private static final String ID = "11111111-2222-4333-8444-555555555555";
    private static final Flavor FLAVOR =
            new Flavor("1", "tiny", 512, 1, 1, 0, 0, 1, true, null, Map.of(), Instant.EPOCH);

    private final SagaSweep sweep;

    ServerSagasTest(SagaSweep sweep) {
        this.sweep = sweep;
    }

    /** One host, one server, and neighbours in memory that outlive a crash. */
    private abstract static class World implements SagaWorld {
        final Transactions requests;
        final Transactions database;
        final FakeNetworks networks;
        final FakePlacement placement = new FakePlacement();
        final FakeNode node = new FakeNode("host1");
        final ServerStore servers = new ServerStore();
        final NovaQuotas quotas = new NovaQuotas(Map.of());
        final ServerCreate create;
        final ServerDelete delete;
        final ServerPower power;
        private final InstantSource clock = InstantSource.system();
        private final HostStore hosts = new HostStore();

        World(Transactions requests, Transactions database, Tasks tasks) {
            this.requests = requests;
            this.database = database;
            this.networks = new FakeNetworks(requests);
            Peers peers = new Peers(new FakeImages(), networks, new FakeSecurityGroups(), placement, host -> node);
            ServerSagas base = new ServerSagas(requests, servers, hosts, quotas, peers, clock, NovaConfig.defaults());
            HostChoice choice = new HostChoice(base, Scheduler.standard(), HostReports.oneZone(), Groups.NONE);
            create = new ServerCreate(
                    base, choice, new GuestDocuments(Ids.seeded(1).random(), ""), tasks);
            delete = new ServerDelete(base, tasks);
            power = new ServerPower(base, tasks);
        }

        @Override
        public void prepare() {
            new HostReports(database, hosts, placement, Ids.seeded(2), clock, NovaConfig.defaults())
                    .heard(new AgentReported("host1", Instant.EPOCH, clock.instant(), node.report(), null, false));
        }

        static Caller caller() {
            Caller.Person person = new Caller.Person("u1", "user", "default", "Default");
            return new Caller("req-1", null, person, new Caller.Scope(person, null, false), Set.of("member"), null);
        }

        Server fresh() {
            Instant now = clock.instant();
            return new Server(
                    ID,
                    1,
                    0,
                    "u1",
                    "u1",
                    "swept",
                    null,
                    "swept",
                    VmState.BUILDING,
                    TaskState.SCHEDULING,
                    ComputeNode.PowerState.NOSTATE,
                    null,
                    new Server.Source(FakeImages.CIRROS, Map.of()),
                    FLAVOR,
                    new Server.Login(null, null, null, true),
                    new Server.Wishes(null, Map.of(), true, null, null),
                    "r-12345678",
                    0,
                    null,
                    Map.of(),
                    null,
                    now,
                    now,
                    null,
                    null,
                    null);
        }

        /** An active server with all that a finished create leaves. */
        void running() {
            database.run(tx -> {
                quotas.reserve(tx, "u1", FLAVOR, 1);
                servers.create(tx, fresh());
                servers.change(tx, servers.require(tx, ID), clock.instant())
                        .vm(VmState.ACTIVE)
                        .task(null)
                        .power(ComputeNode.PowerState.RUNNING)
                        .place(new Server.Place("host1", "host1", "nova"))
                        .launchedAt(clock.instant())
                        .apply();
                networks.allocate(
                        tx,
                        caller(),
                        new Networks.Allocation(
                                ID, "swept", "u1", List.of(new Networks.Wish(null, null, null, null)), List.of()));
            });
            database.run(tx -> placement
                    .candidates(
                            tx,
                            new io.nacre.contracts.peer.Placement.Query(
                                    Map.of("VCPU", 1L), Set.of(), Set.of(), List.of(), null, 1))
                    .forEach(one -> placement.claim(
                            tx,
                            new io.nacre.contracts.peer.Placement.Claim(
                                    ID, "u1", "u1", "INSTANCE", one.allocations()))));
            networks.plug(ID, "host1");
            node.guests.put(ID, ComputeNode.PowerState.RUNNING);
        }

        Server server() {
            return database.read(tx -> servers.findEver(tx, ID).orElseThrow());
        }

        void assertNothingLeft() {
            assertThat(node.guests).isEmpty();
            assertThat(networks.plugged).isEmpty();
            assertThat(database.read(networks.ports::all)).isEmpty();
            assertThat(database.read(placement.held::all)).isEmpty();
            assertThat(server().taskState()).isNull();
        }

        long instancesUsed() {
            return database.read(
                    tx -> quotas.quotas().usage(tx, "u1").get("instances").used());
        }
    }

    @Test
    void aCreateMakesTheServerOrLeavesNothingButTheReason() {
        sweep.run((requests, tasks) -> new World(requests, sweep.database(), tasks) {
            @Override
            public Saga<?> saga() {
                return create.saga();
            }

            @Override
            public void begin() {
                requests.run(tx -> {
                    Server server = fresh();
                    quotas.reserve(tx, "u1", FLAVOR, 1);
                    servers.create(tx, server);
                    create.start(
                            tx,
                            caller(),
                            server,
                            List.of(new Networks.Wish(FakeNetworks.NETWORK, null, null, null)),
                            List.of(),
                            null,
                            null);
                });
            }

            @Override
            public void assertDone() {
                assertThat(server().vmState()).isEqualTo(VmState.ACTIVE);
                assertThat(server().taskState()).isNull();
                assertThat(node.guests).containsOnlyKeys(ID);
                assertThat(node.specs.get(ID).vifs()).hasSize(1);
                assertThat(networks.plugged).containsExactly(ID + "@host1");
                assertThat(database.read(placement.held::all)).containsOnlyKeys(ID);
                assertThat(instancesUsed()).isEqualTo(1);
            }

            @Override
            public void assertTakenBack() {
                assertNothingLeft();
                assertThat(server().vmState()).isEqualTo(VmState.ERROR);
                assertThat(server().fault()).isNotNull();
                assertThat(server().place()).isNull();
            }
        });
    }

    @Test
    void aDeleteLeavesNothingOrAServerThatCanBeDeletedAgain() {
        sweep.run((requests, tasks) -> new World(requests, sweep.database(), tasks) {
            @Override
            public Saga<?> saga() {
                return delete.saga();
            }

            @Override
            public void prepare() {
                super.prepare();
                running();
            }

            @Override
            public void begin() {
                requests.run(tx -> delete.start(tx, caller(), servers.require(tx, ID)));
            }

            @Override
            public void assertDone() {
                assertNothingLeft();
                assertThat(server().isDeleted()).isTrue();
                assertThat(instancesUsed()).isZero();
            }

            @Override
            public void assertTakenBack() {
                assertThat(server().isDeleted()).isFalse();
                assertThat(server().vmState()).isEqualTo(VmState.ERROR);
                assertThat(server().taskState()).isNull();
                assertThat(instancesUsed()).isEqualTo(1);
            }
        });
    }

    @Test
    void aStopStopsOrLeavesTheServerAsItWas() {
        sweep.run((requests, tasks) -> new World(requests, sweep.database(), tasks) {
            @Override
            public Saga<?> saga() {
                return power.sagas().stream()
                        .filter(saga -> saga.name().equals("server.stop"))
                        .findFirst()
                        .orElseThrow();
            }

            @Override
            public void prepare() {
                super.prepare();
                running();
            }

            @Override
            public void begin() {
                requests.run(tx -> power.start(tx, caller(), servers.require(tx, ID), ServerState.STOP));
            }

            @Override
            public void assertDone() {
                assertThat(server().vmState()).isEqualTo(VmState.STOPPED);
                assertThat(server().taskState()).isNull();
                assertThat(node.guests).containsEntry(ID, ComputeNode.PowerState.SHUTDOWN);
            }

            @Override
            public void assertTakenBack() {
                assertThat(server().vmState()).isEqualTo(VmState.ACTIVE);
                assertThat(server().taskState()).isNull();
                assertThat(server().fault()).isNotNull();
            }
        });
    }
}
