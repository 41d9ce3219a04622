package io.nacre.neutron.subnet;

import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.address.Ipam;
import io.nacre.neutron.network.Network;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.policy.PolicyRule;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jooq.impl.DSL;

/** API reference "Network IP availability and usage stats". */
public final class AvailabilityApi {
    private static final PolicyRule GET = PolicyRule.of("get_network_ip_availability", NeutronPolicy.ADMIN);

    private final Transactions transactions;
    private final NetworkStore networks;
    private final SubnetStore subnets;
    private final BiFunction<Tx, String, Integer> used;

    /** @param used how many addresses of a subnet are taken */
    public AvailabilityApi(
            Transactions transactions,
            NetworkStore networks,
            SubnetStore subnets,
            BiFunction<Tx, String, Integer> used) {
        this.transactions = transactions;
        this.networks = networks;
        this.subnets = subnets;
        this.used = used;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/v2.0/network-ip-availabilities").policy(GET).to(this::list),
                Route.get("/v2.0/network-ip-availabilities/{id}").policy(GET).to(this::show));
    }

    private Response list(Request request) {
        Query query = request.query();
        List<Map<String, Object>> shown = transactions.read(tx -> {
            List<Map<String, Object>> all = new ArrayList<>();
            for (Network network : networks.where(tx, DSL.noCondition())) {
                if (passes(query, "network_id", network.id())
                        && passes(query, "network_name", network.name())
                        && passes(query, "project_id", network.projectId())
                        && passes(query, "tenant_id", network.projectId())) {
                    all.addAll(of(tx, network, query));
                }
            }
            return all;
        });
        return Response.json(200, "network_ip_availabilities", shown);
    }

    private static boolean passes(Query query, String name, String value) {
        return !query.has(name) || query.all(name).contains(value);
    }

    private Response show(Request request) {
        Map<String, Object> shown = transactions.read(
                tx -> show(tx, networks.require(tx, request.param("id")), subnets.of(tx, request.param("id"))));
        return Response.json(200, "network_ip_availability", shown);
    }

    private List<Map<String, Object>> of(Tx tx, Network network, Query query) {
        List<Subnet> of = subnets.of(tx, network.id()).stream()
                .filter(subnet -> passes(query, "ip_version", Integer.toString(subnet.version())))
                .toList();
        return query.has("ip_version") && of.isEmpty() ? List.of() : List.of(show(tx, network, of));
    }

    private Map<String, Object> show(Tx tx, Network network, List<Subnet> of) {
        List<Map<String, Object>> parts = new ArrayList<>();
        BigInteger total = BigInteger.ZERO;
        int taken = 0;
        for (Subnet subnet : of) {
            BigInteger size = Ipam.size(subnet.ranges());
            int count = used.apply(tx, subnet.id());
            total = total.add(size);
            taken += count;
            Map<String, Object> part = new LinkedHashMap<>();
            part.put("subnet_id", subnet.id());
            part.put("subnet_name", subnet.name());
            part.put("cidr", subnet.cidr().toString());
            part.put("ip_version", subnet.version());
            part.put("total_ips", size);
            part.put("used_ips", count);
            parts.add(part);
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("network_id", network.id());
        shown.put("network_name", network.name());
        shown.put("tenant_id", network.projectId());
        shown.put("project_id", network.projectId());
        shown.put("total_ips", total);
        shown.put("used_ips", taken);
        shown.put("subnet_ip_availability", parts);
        return shown;
    }
}
