package io.nacre.placement.resourceclass;

import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.placement.Freshness;
import io.nacre.placement.PlacementPolicy;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** API reference "Resource Classes" and "Resource Class", since 1.2. */
public final class ResourceClassApi {
    private static final PolicyRule LIST = PlacementPolicy.adminOrService("placement:resource_classes:list");
    private static final PolicyRule CREATE = PlacementPolicy.adminOrService("placement:resource_classes:create");
    private static final PolicyRule SHOW = PlacementPolicy.adminOrService("placement:resource_classes:show");
    private static final PolicyRule UPDATE = PlacementPolicy.adminOrService("placement:resource_classes:update");
    private static final PolicyRule DELETE = PlacementPolicy.adminOrService("placement:resource_classes:delete");

    private static final Pattern CUSTOM = Pattern.compile("CUSTOM_[A-Z0-9_]{1,248}");
    private static final Schema NAMED = Schema.of("""
            {"type": "object", "required": ["name"], "additionalProperties": false, "properties":
              {"name": {"type": "string", "pattern": "^CUSTOM_[A-Z0-9_]+$", "maxLength": 255}}}
            """);
    private static final String PATH = "/resource_classes/{name}";

    private final Transactions transactions;
    private final ResourceClassStore classes;
    private final InstantSource clock;

    public ResourceClassApi(Transactions transactions, ResourceClassStore classes, InstantSource clock) {
        this.transactions = transactions;
        this.classes = classes;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/resource_classes").policy(LIST).since(2).to(this::list),
                Route.post("/resource_classes")
                        .policy(CREATE)
                        .since(2)
                        .body(NAMED)
                        .to(this::create),
                Route.get(PATH).policy(SHOW).since(2).to(this::show),
                Route.put(PATH).policy(UPDATE).since(2).until(6).body(NAMED).to(this::rename),
                Route.put(PATH).policy(UPDATE).since(7).to(this::put),
                Route.delete(PATH).policy(DELETE).since(2).to(this::delete));
    }

    private Response list(Request request) {
        List<Map<String, Object>> shown = transactions.read(classes::list).stream()
                .map(ResourceClassApi::view)
                .toList();
        return Freshness.of(request, Response.json(200, "resource_classes", shown), clock.instant());
    }

    private Response create(Request request) {
        String name = request.json("name").asString();
        transactions.run(tx -> {
            if (!classes.create(tx, name, clock.instant())) {
                throw Fault.conflict("Conflicting resource class already exists: " + name);
            }
        });
        return located(request, 201, name);
    }

    private Response show(Request request) {
        String name = request.param("name");
        transactions.run(tx -> require(tx, name));
        return Freshness.of(request, Response.json(200, view(name)), clock.instant());
    }

    private Response rename(Request request) {
        String name = request.param("name");
        String wanted = request.json("name").asString();
        transactions.run(tx -> {
            require(tx, name);
            requireCustom(name, "update");
            if (!name.equals(wanted) && !classes.create(tx, wanted, clock.instant())) {
                throw Fault.conflict("Resource class already exists: " + wanted);
            }
            if (!name.equals(wanted)) {
                InventoryStore.renameClass(tx, name, wanted);
                classes.delete(tx, name);
            }
        });
        return Response.json(200, view(wanted));
    }

    private Response put(Request request) {
        String name = request.param("name");
        if (!CUSTOM.matcher(name).matches()) {
            throw Fault.invalid("JSON does not validate: '" + name + "' does not match '^CUSTOM\\\\_[A-Z0-9_]+$'");
        }
        boolean created = transactions.write(tx -> classes.create(tx, name, clock.instant()));
        return located(request, created ? 201 : 204, name);
    }

    private Response delete(Request request) {
        String name = request.param("name");
        transactions.run(tx -> {
            require(tx, name);
            requireCustom(name, "delete");
            classes.delete(tx, name);
        });
        return Response.empty(204);
    }

    private Response located(Request request, int status, String name) {
        Response response = Response.empty(status).header("Location", request.baseUrl() + "/resource_classes/" + name);
        return Freshness.of(request, response, clock.instant());
    }

    private void require(Tx tx, String name) {
        if (!classes.exists(tx, name)) {
            throw Fault.notFound("No such resource class " + name + ".");
        }
    }

    private static void requireCustom(String name, String verb) {
        if (ResourceClassStore.isStandard(name)) {
            throw Fault.invalid("Cannot " + verb + " standard resource class " + name);
        }
    }

    private static Map<String, Object> view(String name) {
        return Map.of("name", name, "links", List.of(Map.of("rel", "self", "href", "/resource_classes/" + name)));
    }
}
