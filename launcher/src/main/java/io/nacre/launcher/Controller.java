package io.nacre.launcher;

import io.nacre.agent.Agent;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.bus.Bus;
import io.nacre.bus.Remote;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.database.Database;
import io.nacre.glance.Glance;
import io.nacre.http.HttpServer;
import io.nacre.keystone.Keystone;
import io.nacre.neutron.Neutron;
import io.nacre.nova.Nova;
import io.nacre.placement.Placement;
import io.nacre.quota.Quotas;
import io.nacre.tasks.TaskEngine;
import java.time.InstantSource;
import java.util.List;

/** The bill of materials of a controller. */
final class Controller implements AutoCloseable {
    private final Database database;
    private final Keystone keystone;
    private final TaskEngine tasks;
    private final HttpServer http;
    private final List<Bus.Registration> registrations;

    private Controller(
            Database database,
            Keystone keystone,
            TaskEngine tasks,
            HttpServer http,
            List<Bus.Registration> registrations) {
        this.database = database;
        this.keystone = keystone;
        this.tasks = tasks;
        this.http = http;
        this.registrations = registrations;
    }

    /** @param alone whether no other controller shares the database */
    static Controller start(State state, Sections sections, Bus bus, boolean alone) {
        CloudConfig cloud = sections.cloud();
        InstantSource clock = InstantSource.system();
        Ids ids = Ids.secure();
        Database database = Database.open(
                sections.database(),
                List.of(
                        TaskEngine.MIGRATIONS,
                        Quotas.MIGRATIONS,
                        Keystone.MIGRATIONS,
                        Glance.MIGRATIONS,
                        Placement.MIGRATIONS,
                        Nova.MIGRATIONS,
                        Neutron.MIGRATIONS));
        TaskEngine tasks = new TaskEngine(database, clock, ids, sections.tasks(), cloud.host());

        Services services =
                Services.make(new Services.Ground(database, tasks, bus, ids, clock), state, sections, alone);
        services.register(tasks);
        HttpServer http = new HttpServer(sections.http(), ids, clock);
        services.serve(http, cloud, state);
        List<Bus.Registration> registrations = listen(bus, services);
        tasks.start();
        http.start();
        bus.publish(Agent.HELLO, Json.object());
        return new Controller(database, services.keystone(), tasks, http, registrations);
    }

    /** What the agents say goes to the services that it concerns. */
    private static List<Bus.Registration> listen(Bus bus, Services services) {
        return List.of(
                bus.subscribe(AgentReported.TOPIC, event -> {
                    AgentReported report = Json.convert(event, AgentReported.class);
                    services.neutron().reported(report);
                    services.nova().hostReports().heard(report);
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
        keystone.close();
        database.close();
    }
}
