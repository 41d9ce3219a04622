package io.nacre.launcher;

import io.nacre.base.Ids;
import io.nacre.base.Json;
import io.nacre.bus.Bus;
import io.nacre.bus.Remote;
import io.nacre.cache.Cache;
import io.nacre.cache.CacheConfig;
import io.nacre.config.Secret;
import io.nacre.contracts.event.PortPlugged;
import io.nacre.contracts.node.ComputeNode;
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
import io.nacre.policy.Overrides;
import io.nacre.tasks.TaskEngine;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** The services of a controller, each given what it asks of the others. */
record Services(Cache cache, Keystone keystone, Placement placement, Glance glance, Neutron neutron, Nova nova) {
    /** How long a command to a node may take when its caller sets no deadline of its own. */
    private static final Duration NODE_TIMEOUT = Duration.ofSeconds(60);

    /** What all of them stand on. */
    record Ground(Database database, TaskEngine tasks, Bus bus, Ids ids, InstantSource clock) {}

    /** @param alone whether no other controller shares the database */
    static Services make(Ground ground, State state, Sections sections, boolean alone) {
        CloudConfig cloud = sections.cloud();
        Secrets secrets = Secrets.of(cloud.shared(state.directory()));
        Database database = ground.database();
        Ids ids = ground.ids();
        InstantSource clock = ground.clock();
        Cache cache = Cache.open(sealed(sections.cache(), secrets), clock, new SecureRandom());
        Keystone keystone = new Keystone(
                database,
                alone ? sections.keystone().alone() : sections.keystone(),
                cache,
                ids,
                clock,
                policy(state, sections, Endpoint.KEYSTONE),
                message -> {
                    ground.bus().publish(Keystone.NOTIFICATIONS, message);
                    sections.notifications()
                            .queues()
                            .forEach(queue -> ground.bus().sendNotification("keystone", queue, message));
                });
        keystone.bootstrap(
                secrets.get(Secrets.ADMIN),
                secrets.get("service-password"),
                new Keystone.Site(
                        cloud.host(),
                        cloud.region(),
                        Endpoint.all().stream()
                                .map(one -> new Keystone.CatalogEntry(one.type(), one.service(), one.url(cloud)))
                                .toList()));
        Identity identity = keystone.peer();
        Placement placement = new Placement(database, ids, clock);
        Glance glance = new Glance(
                database,
                ground.tasks(),
                sections.glance(),
                policy(state, sections, Endpoint.GLANCE),
                ids,
                clock,
                new Glance.Site(URI.create(Endpoint.GLANCE.url(cloud)), cloud.region()),
                identity);
        glance.bootstrap();
        Neutron neutron = new Neutron(
                database,
                ids,
                clock,
                sections.neutron(),
                policy(state, sections, Endpoint.NEUTRON),
                new DataPlane.Reach(
                        host -> Remote.client(NetworkNode.class, ground.bus(), "network." + host, NODE_TIMEOUT),
                        event -> ground.bus().publish(PortPlugged.TOPIC, Json.tree(event))));
        Nova nova = new Nova(
                database,
                ground.tasks(),
                new Peers(
                        glance.peer(),
                        neutron.peer(),
                        neutron.groupPeer(),
                        placement.peer(),
                        host -> Remote.client(ComputeNode.class, ground.bus(), "compute." + host, NODE_TIMEOUT)),
                sections.nova(),
                ids,
                clock,
                new Nova.Site(Endpoint.KEYSTONE.url(cloud), cloud.host(), policy(state, sections, Endpoint.NOVA)));
        return new Services(cache, keystone, placement, glance, neutron, nova);
    }

    /** Memcached lets everybody read and write: what is kept there is sealed with a key that the controllers share. */
    private static CacheConfig sealed(CacheConfig config, Secrets secrets) {
        return config.memcacheServers().isEmpty() || !config.memcacheSecretKey().isEmpty()
                ? config
                : config.withSecretKey(new Secret(secrets.get("memcache-key")));
    }

    private static Overrides policy(State state, Sections sections, Endpoint endpoint) {
        return sections.policy().overrides(endpoint, state.directory());
    }

    /** Gives the task engine what it has to carry out and to keep true. */
    void register(TaskEngine tasks) {
        glance.sagas().forEach(tasks::register);
        nova.sagas().forEach(tasks::register);
        keystone.reconcilers().forEach(tasks::add);
        glance.reconcilers().forEach(tasks::add);
        neutron.reconcilers().forEach(tasks::add);
        nova.reconcilers().forEach(tasks::add);
        neutron.onChange(tasks::wake);
    }

    /** Puts each at its port. */
    void serve(HttpServer http, Sections sections, State state) {
        CloudConfig cloud = sections.cloud();
        Identity identity = keystone.peer();
        serve(http, identity, cloud, Endpoint.KEYSTONE, keystone.service());
        serve(http, identity, cloud, Endpoint.GLANCE, glance.service());
        serve(
                http,
                identity,
                cloud,
                Endpoint.PLACEMENT,
                placement.service(policy(state, sections, Endpoint.PLACEMENT)));
        serve(http, identity, cloud, Endpoint.NOVA, nova.service());
        serve(http, identity, cloud, Endpoint.NEUTRON, neutron.service());
    }

    private static void serve(
            HttpServer http, Identity identity, CloudConfig cloud, Endpoint endpoint, Service service) {
        http.serve(
                service.with(new Challenge(service.errors(), Endpoint.KEYSTONE.url(cloud))),
                claim -> identity.authenticate(endpoint.type(), claim),
                cloud.listen(),
                endpoint.port(cloud.portOffset()));
    }
}
