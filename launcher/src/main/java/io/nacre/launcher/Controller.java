package io.nacre.launcher;

import io.nacre.agent.Agent;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.bus.Bus;
import io.nacre.bus.Remote;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.database.Database;
import io.nacre.database.DatabaseConfig;
import io.nacre.glance.Glance;
import io.nacre.http.HttpServer;
import io.nacre.keystone.Keystone;
import io.nacre.neutron.Neutron;
import io.nacre.nova.Nova;
import io.nacre.placement.Placement;
import io.nacre.quota.Quotas;
import io.nacre.tasks.TaskEngine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bill of materials of a controller. */
final class Controller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);
    private static final Duration FIRST_REPORT = Duration.ofSeconds(15);

    private final Database database;
    private final Services services;
    private final TaskEngine tasks;
    private final HttpServer http;
    private final Bus bus;
    private final List<Bus.Registration> registrations;
    private final CountDownLatch reported = new CountDownLatch(1);

    private Controller(Database database, Services services, TaskEngine tasks, HttpServer http, Bus bus) {
        this.database = database;
        this.services = services;
        this.tasks = tasks;
        this.http = http;
        this.bus = bus;
        this.registrations = listen();
    }

    /** A controller that listens to agents but does nothing yet. */
    static Controller make(State state, Sections sections, Bus bus, Ids ids) {
        CloudConfig cloud = sections.cloud();
        InstantSource clock = InstantSource.system();
        boolean alone = sections.database().embedded();
        Database database = open(sections.database());
        TaskEngine tasks = new TaskEngine(database, clock, ids, sections.tasks(), cloud.host());

        Services services =
                Services.make(new Services.Ground(database, tasks, bus, ids, clock), state, sections, alone);
        services.register(tasks);
        HttpServer http = new HttpServer(sections.http(), ids, clock);
        services.serve(http, sections, state);
        return new Controller(database, services, tasks, http, bus);
    }

    /**
     * Serves, and takes up the tasks that were left.
     *
     * @param withAgent whether a node agent of this process has been started: what was interrupted goes on at once, and
     *     would find its host missing before that has reported
     */
    void open(boolean withAgent) throws InterruptedException {
        if (withAgent && !reported.await(FIRST_REPORT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.warn("The node agent has not reported within {} s", FIRST_REPORT.toSeconds());
        }
        services.nova().heartbeat().run();
        // Guests that are being made fetch their images here.
        http.start();
        tasks.start();
        bus.publish(Agent.HELLO, Json.object());
    }

    static Database open(DatabaseConfig config) {
        try {
            return Database.open(
                    config,
                    List.of(
                            TaskEngine.MIGRATIONS,
                            Quotas.MIGRATIONS,
                            Keystone.MIGRATIONS,
                            Glance.MIGRATIONS,
                            Placement.MIGRATIONS,
                            Nova.MIGRATIONS,
                            Neutron.MIGRATIONS));
        } catch (FaultException | IllegalStateException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            // What follows the question mark may hold a password.
            throw Fault.unavailable("The database " + config.url().split("\\?", 2)[0]
                            + " cannot be used, see [database] in the settings: " + cause.getMessage())
                    .because(e);
        }
    }

    /** What the agents say goes to the services that it concerns. */
    private List<Bus.Registration> listen() {
        return List.of(
                bus.subscribe(AgentReported.TOPIC, event -> {
                    AgentReported report = Json.convert(event, AgentReported.class);
                    services.neutron().reported(report);
                    services.nova().hostReports().heard(report);
                    reported.countDown();
                }),
                bus.subscribe(
                        GuestChanged.TOPIC,
                        event -> services.nova().powerSync().heard(Json.convert(event, GuestChanged.class))),
                Remote.serve(MetadataSource.class, services.nova().metadata(), bus, "metadata"));
    }

    /** Takes no more requests, ends the steps under way, and leaves the rest to the next start. */
    @Override
    public void close() {
        http.close();
        registrations.forEach(Bus.Registration::close);
        tasks.close();
        services.nova().heartbeat().stop();
        services.keystone().close();
        services.cache().close();
        database.close();
    }
}
