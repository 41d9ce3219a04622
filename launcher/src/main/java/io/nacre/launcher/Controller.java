package io.nacre.launcher;

import io.nacre.agent.Agent;
import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.bus.Bus;
import io.nacre.bus.Remote;
import io.nacre.contracts.event.AgentReported;
import io.nacre.contracts.event.GuestChanged;
import io.nacre.contracts.event.PortPlugged;
import io.nacre.contracts.node.ComputeNode;
import io.nacre.contracts.node.MetadataSource;
import io.nacre.contracts.node.NetworkNode;
import io.nacre.contracts.peer.Identity;
import io.nacre.database.Database;
import io.nacre.glance.Glance;
import io.nacre.http.HttpServer;
import io.nacre.http.Service;
import io.nacre.keystone.Keystone;
import io.nacre.neutron.Neutron;
import io.nacre.neutron.dataplane.DataPlane;
import io.nacre.nova.Nova;
import io.nacre.nova.Peers;
import io.nacre.placement.Placement;
import io.nacre.quota.Quotas;
import io.nacre.tasks.TaskEngine;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/** The bill of materials of a controller. */
final class Controller implements AutoCloseable {
    /** How long a command to a node may take when its caller sets no deadline of its own. */
    private static final Duration NODE_TIMEOUT = Duration.ofSeconds(60);

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

        Keystone keystone =
                new Keystone(database, alone ? sections.keystone().alone() : sections.keystone(), ids, clock, null);
        keystone.bootstrap(
                state.secret("admin-password"),
                state.secret("service-password"),
                cloud.region(),
                Endpoint.all().stream()
                        .map(one -> new Keystone.CatalogEntry(one.type(), one.service(), one.url(cloud)))
                        .toList());
        Identity identity = keystone.peer();
        Placement placement = new Placement(database, ids, clock);
        Glance glance = new Glance(
                database,
                tasks,
                sections.glance(),
                null,
                ids,
                clock,
                URI.create(Endpoint.GLANCE.url(cloud)),
                identity::serviceToken);
        Neutron neutron = new Neutron(
                database,
                ids,
                clock,
                sections.neutron(),
                null,
                new DataPlane.Reach(
                        host -> Remote.client(NetworkNode.class, bus, "network." + host, NODE_TIMEOUT),
                        event -> bus.publish(PortPlugged.TOPIC, Json.tree(event))));
        Nova nova = new Nova(
                database,
                tasks,
                new Peers(
                        glance.peer(),
                        neutron.peer(),
                        placement.peer(),
                        host -> Remote.client(ComputeNode.class, bus, "compute." + host, NODE_TIMEOUT)),
                ids,
                clock,
                Endpoint.KEYSTONE.url(cloud),
                cloud.host(),
                null);

        glance.sagas().forEach(tasks::register);
        nova.sagas().forEach(tasks::register);
        glance.reconcilers().forEach(tasks::add);
        neutron.reconcilers().forEach(tasks::add);
        nova.reconcilers().forEach(tasks::add);
        neutron.onChange(tasks::wake);

        HttpServer http = new HttpServer(sections.http(), ids, clock);
        serve(http, identity, cloud, Endpoint.KEYSTONE, keystone.service());
        serve(http, identity, cloud, Endpoint.GLANCE, glance.service());
        serve(http, identity, cloud, Endpoint.PLACEMENT, placement.service(null));
        serve(http, identity, cloud, Endpoint.NOVA, nova.service());
        serve(http, identity, cloud, Endpoint.NEUTRON, neutron.service());

        List<Bus.Registration> registrations = List.of(
                bus.subscribe(AgentReported.TOPIC, event -> {
                    AgentReported report = Json.convert(event, AgentReported.class);
                    neutron.reported(report);
                    nova.hostReports().heard(report);
                }),
                bus.subscribe(
                        GuestChanged.TOPIC, event -> nova.powerSync().heard(Json.convert(event, GuestChanged.class))),
                Remote.serve(MetadataSource.class, nova.metadata(), bus, "metadata"));
        tasks.start();
        http.start();
        bus.publish(Agent.HELLO, Json.object());
        return new Controller(database, keystone, tasks, http, registrations);
    }

    private static void serve(
            HttpServer http, Identity identity, CloudConfig cloud, Endpoint endpoint, Service service) {
        http.serve(service, identity::authenticate, cloud.listen(), endpoint.port(cloud.portOffset()));
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
