package io.nacre.neutron.router;

import io.nacre.base.Caller;
import io.nacre.base.Ids;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.neutron.NeutronFault;
import io.nacre.neutron.NeutronPolicy;
import io.nacre.neutron.network.NetworkStore;
import io.nacre.neutron.port.IpWish;
import io.nacre.neutron.port.Port;
import io.nacre.neutron.port.Port.FixedIp;
import io.nacre.neutron.port.Ports;
import io.nacre.neutron.resource.Attribute;
import io.nacre.neutron.resource.Attributes;
import io.nacre.neutron.resource.Check;
import io.nacre.neutron.resource.Checks;
import io.nacre.neutron.resource.Guard;
import io.nacre.neutron.resource.Input;
import io.nacre.neutron.resource.ResourceApi;
import io.nacre.neutron.resource.Standard;
import io.nacre.neutron.router.Router.Gateway;
import io.nacre.neutron.router.Routers.Connected;
import io.nacre.neutron.router.Routers.GatewayWish;
import io.nacre.neutron.subnet.SubnetStore;
import io.nacre.policy.PolicyRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Routers". */
public final class RouterApi extends ResourceApi<Router> {
    private static final String ADMIN = NeutronPolicy.ADMIN;
    private static final PolicyRule ADD = PolicyRule.of("add_router_interface", NeutronPolicy.MEMBER);
    private static final PolicyRule REMOVE = PolicyRule.of("remove_router_interface", NeutronPolicy.MEMBER);
    private static final PolicyRule ADD_ROUTES = PolicyRule.of("add_extraroutes", NeutronPolicy.MEMBER);
    private static final PolicyRule REMOVE_ROUTES = PolicyRule.of("remove_extraroutes", NeutronPolicy.MEMBER);
    private static final Check ADDRESSES =
            Checks.listOf(Checks.object(Map.of("subnet_id", Checks.UUID_TEXT, "ip_address", Checks.IP), Set.of()));
    private static final Check ROUTES = Checks.listOrEmpty(
            Checks.object(Map.of("destination", Checks.CIDR, "nexthop", Checks.IP), Set.of("destination", "nexthop")));
    private static final Check GATEWAY = value -> value.isNull() || value.isEmpty()
            ? null
            : Checks.object(
                            Map.of(
                                    "network_id", Checks.UUID_TEXT,
                                    "enable_snat", Checks.BOOLEAN,
                                    "external_fixed_ips", ADDRESSES),
                            Set.of("network_id"))
                    .accept(value);

    private final Routers routers;
    private final NetworkStore networks;
    private final SubnetStore subnets;
    private final Ports ports;
    private final Ids ids;

    public RouterApi(Wiring wiring, Routers routers, NetworkStore networks, SubnetStore subnets, Ports ports, Ids ids) {
        super(wiring, attributes(routers.store()), routers.store(), Guard.Rules.OWNER);
        this.routers = routers;
        this.networks = networks;
        this.subnets = subnets;
        this.ports = ports;
        this.ids = ids;
    }

    static Attributes<Router> attributes(RouterStore store) {
        Attributes<Router> table = Attributes.of("router", "routers", store);
        return table.add(Attribute.of("name", Router::name)
                        .check(Checks.string(255))
                        .create("")
                        .update()
                        .column(store.name))
                .add(Attribute.of("admin_state_up", Router::adminUp)
                        .check(Checks.BOOLEAN)
                        .create(true)
                        .update()
                        .column(store.adminUp))
                .add(Attribute.<Router>of("status", router -> "ACTIVE"))
                .add(Attribute.of("external_gateway_info", RouterApi::gateway)
                        .check(GATEWAY)
                        .create()
                        .update()
                        .memberRules(Map.of(
                                "network_id", NeutronPolicy.MEMBER, "enable_snat", ADMIN, "external_fixed_ips", ADMIN)))
                .add(Attribute.of("routes", Router::routes).check(ROUTES).update())
                .add(Attribute.<Router>of("distributed", router -> false)
                        .check(single("distributed"))
                        .create()
                        .update()
                        .setRule(ADMIN)
                        .showRule(ADMIN))
                .add(Attribute.<Router>of("ha", router -> false)
                        .check(single("ha"))
                        .create()
                        .update()
                        .setRule(ADMIN)
                        .showRule(ADMIN))
                .add(Attribute.of("availability_zone_hints", Router::zoneHints)
                        .check(Checks.listOrEmpty(Checks.string(255)))
                        .create(List.of()))
                .add(Attribute.<Router>of(
                        "availability_zones", router -> router.host().isEmpty() ? List.of() : List.of("nova")))
                .add(Attribute.<Router>of("flavor_id", router -> null));
    }

    /** Routers here live on one host; who insists on another kind is told. */
    private static Check single(String name) {
        return value -> {
            if (Boolean.TRUE.equals(Checks.BOOLEAN.accept(value))) {
                throw NeutronFault.badRequest("Routers with " + name + " are not supported by the data plane.");
            }
            return false;
        };
    }

    private static @Nullable Object gateway(Router router) {
        Gateway gateway = router.gateway();
        if (gateway == null) {
            return null;
        }
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("network_id", gateway.networkId());
        shown.put("enable_snat", router.snat());
        shown.put(
                "external_fixed_ips",
                gateway.fixedIps().stream()
                        .map(ip -> Map.of("subnet_id", ip.subnetId(), "ip_address", ip.address()))
                        .toList());
        return shown;
    }

    @Override
    public List<PolicyRule> rules() {
        List<PolicyRule> rules = new ArrayList<>(super.rules());
        rules.addAll(List.of(ADD, REMOVE, ADD_ROUTES, REMOVE_ROUTES));
        return rules;
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(super.routes());
        String one = "/v2.0/routers/{id}/";
        routes.add(Route.put(one + "add_router_interface").policy(ANYBODY).to(r -> connect(r, ADD)));
        routes.add(Route.put(one + "remove_router_interface").policy(ANYBODY).to(r -> connect(r, REMOVE)));
        routes.add(Route.put(one + "add_extraroutes").policy(ANYBODY).to(r -> routes(r, ADD_ROUTES)));
        routes.add(Route.put(one + "remove_extraroutes").policy(ANYBODY).to(r -> routes(r, REMOVE_ROUTES)));
        return routes;
    }

    private @Nullable GatewayWish wish(Tx tx, Caller caller, Input input) {
        Map<String, Object> info = input.object("external_gateway_info", Map.of());
        if (info.isEmpty()) {
            return null;
        }
        String id = (String) Objects.requireNonNull(info.get("network_id"));
        networks.requireGateway(tx, caller, id);
        List<IpWish> addresses = new ArrayList<>();
        if (info.get("external_fixed_ips") instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> map) {
                    addresses.add(new IpWish((String) map.get("subnet_id"), (String) map.get("ip_address")));
                }
            }
        }
        return new GatewayWish(id, addresses);
    }

    private static boolean snat(Input input, boolean present) {
        Map<String, Object> info = input.object("external_gateway_info", Map.of());
        return info.get("enable_snat") instanceof Boolean wanted ? wanted : info.isEmpty() ? present : true;
    }

    @Override
    protected Router create(Tx tx, Caller caller, Input input) {
        Router draft = new Router(
                Standard.fresh(ids.uuid(), input.text("project_id"), input.text("description", ""), ports.now()),
                input.text("name"),
                input.bool("admin_state_up", true),
                null,
                snat(input, true),
                List.of(),
                input.texts("availability_zone_hints", List.of()),
                "");
        return routers.create(tx, draft, wish(tx, caller, input));
    }

    @Override
    protected Router update(Tx tx, Caller caller, Router present, Input input) {
        Router changed = new Router(
                present.standard()
                        .changed(input.text("description", present.standard().description()), ports.now()),
                input.text("name", present.name()),
                input.bool("admin_state_up", present.adminUp()),
                present.gateway(),
                snat(input, present.snat()),
                input.has("routes") ? wanted(input.objects("routes")) : present.routes(),
                present.zoneHints(),
                present.host());
        return routers.update(tx, present, changed, input.has("external_gateway_info"), wish(tx, caller, input));
    }

    private static List<Router.Route> wanted(List<Map<String, Object>> objects) {
        return objects.stream()
                .map(o -> new Router.Route(Objects.toString(o.get("destination")), Objects.toString(o.get("nexthop"))))
                .toList();
    }

    @Override
    protected void delete(Tx tx, Caller caller, Router present) {
        routers.delete(tx, present);
    }

    private Response connect(Request request, PolicyRule rule) {
        JsonNode body = request.hasBody() ? request.json() : io.nacre.base.Json.object();
        String subnetId = uuid(body, "subnet_id");
        String portId = uuid(body, "port_id");
        if (subnetId == null && portId == null) {
            throw Routers.bad("Either subnet_id or port_id must be specified");
        }
        boolean add = rule.equals(ADD);
        if (add && subnetId != null && portId != null) {
            throw Routers.bad("Cannot specify both subnet-id and port-id");
        }
        Caller caller = request.caller();
        Connected done = transactions().write(tx -> {
            Router router = requireShown(tx, caller, request.param("id"));
            enforce(rule, caller, router);
            if (portId != null) {
                Port port = ports.store().requireOwn(tx, caller, portId);
                return add ? routers.addPort(tx, router, port) : routers.removePort(tx, router, portId, subnetId);
            }
            var subnet = subnets.find(tx, Objects.requireNonNull(subnetId))
                    .filter(s -> caller.isAdmin()
                            || s.projectId().equals(caller.projectId())
                            || networks.require(tx, s.networkId()).isUsableBy(caller.projectId()))
                    .orElseThrow(() -> subnets.missing(subnetId));
            return add ? routers.addSubnet(tx, router, subnet) : routers.removeSubnet(tx, router, subnet);
        });
        return Response.json(200, show(done));
    }

    private static @Nullable String uuid(JsonNode body, String name) {
        JsonNode value = body.get(name);
        if (value == null || value.isNull()) {
            return null;
        }
        try {
            return (String) Checks.UUID_TEXT.accept(value);
        } catch (Check.Refusal e) {
            throw Routers.bad("Invalid " + name + ": " + e.getMessage());
        }
    }

    private static Map<String, Object> show(Connected done) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", done.router().id());
        shown.put("tenant_id", done.router().projectId());
        shown.put("project_id", done.router().projectId());
        shown.put("port_id", done.port().id());
        shown.put("network_id", done.port().networkId());
        shown.put("subnet_id", done.subnetId());
        List<String> all =
                done.port().fixedIps().stream().map(FixedIp::subnetId).toList();
        shown.put("subnet_ids", all.contains(done.subnetId()) ? List.of(done.subnetId()) : all);
        return shown;
    }

    /** Adds routes to those that are there, or takes some away; what is so already is fine. */
    private Response routes(Request request, PolicyRule rule) {
        JsonNode sent = request.json("router").path("routes");
        List<Router.Route> named = new ArrayList<>();
        if (ROUTES.accept(sent) instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> map) {
                    named.add(new Router.Route(
                            Objects.toString(map.get("destination")), Objects.toString(map.get("nexthop"))));
                }
            }
        }
        Caller caller = request.caller();
        Router changed = transactions().write(tx -> {
            Router router = requireShown(tx, caller, request.param("id"));
            enforce(rule, caller, router);
            List<Router.Route> routes = new ArrayList<>(router.routes());
            routes.removeAll(named);
            if (rule.equals(ADD_ROUTES)) {
                routes.addAll(named);
            }
            routers.update(tx, router, routers.next(router).with(routes), false, null);
            return routers.store().require(tx, router.id());
        });
        return Response.json(200, "router", view(caller, changed, Set.of()));
    }
}
