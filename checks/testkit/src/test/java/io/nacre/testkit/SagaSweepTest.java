package io.nacre.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.database.Sql;
import io.nacre.tasks.Saga;
import io.nacre.tasks.TaskEngine;
import io.nacre.tasks.Tasks;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/sample", TaskEngine.MIGRATIONS})
class SagaSweepTest {
    private static final Duration SOON = Duration.ofSeconds(10);

    record Guest(String id, @Nullable String tap) {}

    @Test
    void aSoundSagaPasses(SagaSweep sweep) {
        assertThat(sweep.run(Toy::new))
                .contains(
                        "undisturbed",
                        "'plug' twice",
                        "a late failure of 'activate'",
                        "the undo of 'make' failing once",
                        "a cancel during 'make'",
                        "a crash just before commit 5 on the way forward",
                        "a crash just after commit 9 on the way back")
                .hasSizeGreaterThan(50);
    }

    @Test
    void aStepThatMakesASecondThingWhenRepeatedIsCaught(SagaSweep sweep) {
        assertCaught(sweep, "'make' twice", (database, tasks) -> new Toy(database, tasks) {
            @Override
            void make(String key) {
                guests.put(key + "/" + guests.size(), "guest");
            }
        });
    }

    @Test
    void aMissingUndoIsCaught(SagaSweep sweep) {
        assertCaught(sweep, "failure of 'make'", (database, tasks) -> new Toy(database, tasks) {
            @Override
            void unplug(Guest guest) {}
        });
    }

    @Test
    void anUndoThatStumblesOverAnUnbegunStepIsCaught(SagaSweep sweep) {
        assertCaught(
                sweep.within(Duration.ofMillis(300)),
                "failure of 'make'",
                (database, tasks) -> new Toy(database, tasks) {
                    @Override
                    void unmake(String key) {
                        if (guests.remove(key) == null) {
                            throw Fault.notFound("no guest " + key);
                        }
                    }
                });
    }

    @Test
    void aLocalStepWithAMemoryOfItsOwnIsCaught(SagaSweep sweep) {
        List<String> memory = new CopyOnWriteArrayList<>();
        assertCaught(sweep, "'reserve' twice", (database, tasks) -> {
            memory.clear();
            return new Toy(database, tasks) {
                @Override
                void reserved() {
                    memory.add("reserved");
                }

                @Override
                public void assertDone() {
                    super.assertDone();
                    assertThat(memory).hasSize(1);
                }
            };
        });
    }

    @Test
    void aStepThatForgetsItsKeyIsCaughtByACrash(SagaSweep sweep) {
        assertCaught(sweep, "a crash just before commit", (database, tasks) -> new Toy(database, tasks) {
            private @Nullable Thread first;

            // Recognises a repetition only as long as the process lives.
            @Override
            void make(String key) {
                int before = guests.size();
                if (before == 0 || first == null) {
                    first = Thread.currentThread();
                    guests.put(key, "guest");
                } else if (!first.equals(Thread.currentThread())) {
                    guests.put(key + "/again", "guest");
                }
            }
        });
    }

    private static void assertCaught(SagaSweep sweep, String scenario, SagaWorld.Maker maker) {
        assertThatThrownBy(() -> sweep.run(maker))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(scenario)
                .hasMessageContaining("Timeline");
    }

    /** A little cloud: rows in the database, guests and taps on a host. */
    static class Toy implements SagaWorld {
        final Map<String, String> guests = new ConcurrentHashMap<>();
        final Map<String, String> taps = new ConcurrentHashMap<>();
        private final Transactions database;
        private final Tasks tasks;
        private final Saga<Guest> saga;

        Toy(Transactions database, Tasks tasks) {
            this.database = database;
            this.tasks = tasks;
            this.saga = Saga.named("toy.create", Guest.class)
                    .local("reserve", (tx, guest) -> {
                        SampleTable.insert(tx, guest.id() + "-quota", guest.id() + "-quota", 1L);
                        reserved();
                        return guest;
                    })
                    .undo((tx, guest) -> {
                        Sql.in(tx)
                                .deleteFrom(SampleTable.T.table())
                                .where(SampleTable.ID.eq(guest.id() + "-quota"))
                                .execute();
                        return guest;
                    })
                    .remote("plug", SOON, 0, (context, guest) -> {
                        taps.put(guest.id(), "tap");
                        return new Guest(guest.id(), "tap");
                    })
                    .undoRemote((context, guest) -> {
                        unplug(guest);
                        return new Guest(guest.id(), null);
                    })
                    .remote("make", SOON, 1, (context, guest) -> {
                        make(guest.id());
                        return guest;
                    })
                    .undoRemote((context, guest) -> {
                        unmake(guest.id());
                        return guest;
                    })
                    .local("activate", (tx, guest) -> {
                        state("ACTIVE", guest.id(), tx);
                        return guest;
                    })
                    .onFailure((tx, guest, fault) -> state("ERROR", guest.id(), tx));
        }

        private static void state(String state, String id, io.nacre.base.Tx tx) {
            Sql.one(
                    Sql.in(tx)
                            .update(SampleTable.T.table())
                            .set(SampleTable.NAME, state)
                            .where(SampleTable.ID.eq(id))
                            .execute(),
                    id);
        }

        void reserved() {}

        void unplug(Guest guest) {
            taps.remove(guest.id());
        }

        void make(String key) {
            guests.put(key, "guest");
        }

        void unmake(String key) {
            guests.remove(key);
        }

        @Override
        public Saga<?> saga() {
            return saga;
        }

        @Override
        public void begin() {
            database.run(tx -> {
                SampleTable.insert(tx, "g", "BUILD", null);
                tasks.start(tx, Caller.nacre("req"), saga, "guest/g", new Guest("g", null));
            });
        }

        @Override
        public void assertDone() {
            assertThat(database.read(SampleTable::names)).containsExactly("ACTIVE", "g-quota", "seed");
            assertThat(guests).hasSize(1);
            assertThat(taps).containsOnlyKeys("g");
        }

        @Override
        public void assertTakenBack() {
            assertThat(database.read(SampleTable::names)).isSubsetOf("ERROR", "seed");
            assertThat(guests).isEmpty();
            assertThat(taps).isEmpty();
        }
    }
}
