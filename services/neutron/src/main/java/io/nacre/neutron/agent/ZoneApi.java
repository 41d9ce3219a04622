package io.nacre.neutron.agent;

import io.nacre.base.Transactions;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.neutron.resource.ResourceApi;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** API reference "Availability zones": where networks and routers can be served, by the agents there are. */
public final class ZoneApi {
    private final Transactions transactions;
    private final Agents agents;
    private final String zone;

    public ZoneApi(Transactions transactions, Agents agents, String zone) {
        this.transactions = transactions;
        this.agents = agents;
        this.zone = zone;
    }

    public List<Route> routes() {
        return List.of(Route.get("/v2.0/availability_zones")
                .policy(ResourceApi.ANYBODY)
                .to(this::list));
    }

    private Response list(Request request) {
        record Served(boolean networks, boolean routers) {}
        Served served = transactions.read(tx -> new Served(
                !agents.hosts(tx, Agent.DHCP).isEmpty(),
                !agents.hosts(tx, Agent.L3).isEmpty()));
        List<Map<String, Object>> zones = new ArrayList<>();
        if (served.networks()) {
            zones.add(zone("network"));
        }
        if (served.routers()) {
            zones.add(zone("router"));
        }
        zones.removeIf(one -> request.query().names().stream()
                .anyMatch(name -> one.containsKey(name)
                        && !request.query().all(name).contains(one.get(name).toString())));
        return Response.json(200, "availability_zones", zones);
    }

    private Map<String, Object> zone(String resource) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", zone);
        shown.put("resource", resource);
        shown.put("state", "available");
        return shown;
    }
}
