package io.nacre.nova.flavor;

import io.nacre.base.Fault;
import io.nacre.base.Ids;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.http.Paging;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.nova.Links;
import io.nacre.nova.NovaPolicy;
import io.nacre.nova.Shapes;
import io.nacre.nova.Wire;
import io.nacre.policy.PolicyRule;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** API reference "Flavors". */
public final class FlavorApi {
    private static final PolicyRule READ = NovaPolicy.any("flavors");
    private static final PolicyRule CREATE = NovaPolicy.admin("os-flavor-manage:create");
    private static final PolicyRule UPDATE = NovaPolicy.admin("os-flavor-manage:update");
    private static final PolicyRule DELETE = NovaPolicy.admin("os-flavor-manage:delete");
    private static final PolicyRule EXTRA_SPECS = NovaPolicy.reader("os-flavor-extra-specs:index");

    private static final int DESCRIPTION_SINCE = 55;
    private static final int EXTRA_SPECS_SINCE = 61;
    private static final int MAX_LIMIT = 1000;
    private static final List<Page.Sort> ORDER = List.of(new Page.Sort("flavorid", true));

    private static final String SIZES = String.join(
            ", ",
            Shapes.member("name", Shapes.NAME),
            Shapes.member("id", "{\"anyOf\": [" + Shapes.NAME + ", {\"type\": [\"integer\", \"null\"]}]}"),
            Shapes.member("ram", Shapes.POSITIVE),
            Shapes.member("vcpus", Shapes.POSITIVE),
            Shapes.member("disk", Shapes.NOT_NEGATIVE),
            Shapes.member("OS-FLV-EXT-DATA:ephemeral", Shapes.NOT_NEGATIVE),
            Shapes.member("swap", Shapes.NOT_NEGATIVE),
            Shapes.member(
                    "rxtx_factor",
                    "{\"anyOf\": [{\"type\": \"number\", \"exclusiveMinimum\": 0, \"maximum\": 3.40282e+38},"
                            + " {\"type\": \"string\", \"pattern\": \"^[0-9]+([.][0-9]+)?$\"}]}"),
            Shapes.member("os-flavor-access:is_public", Shapes.BOOLEAN));
    private static final String REQUIRED = "\"name\", \"ram\", \"vcpus\", \"disk\"";
    private static final Schema NEW = Schema.of(Shapes.envelope("flavor", REQUIRED, SIZES));
    private static final Schema NEW_DESCRIBED = Schema.of(Shapes.envelope(
            "flavor", REQUIRED, SIZES + ", " + Shapes.member("description", longText("[\"string\", \"null\"]"))));
    private static final Schema DESCRIBE = Schema.of(Shapes.envelope(
            "flavor", "\"description\"", Shapes.member("description", longText("[\"string\", \"null\"]"))));

    /** A flavor with the extra specs that this caller may see, null when they may not. */
    private record Shown(Flavor flavor, @Nullable Map<String, String> extraSpecs, List<Map<String, String>> links) {}

    private static final View<Shown> BRIEF = new View<Shown>()
            .field("id", shown -> shown.flavor().id())
            .field("name", shown -> shown.flavor().name())
            .field("links", Shown::links)
            .field("description", DESCRIPTION_SINCE, shown -> shown.flavor().description());

    private static final View<Shown> FULL = new View<Shown>()
            .field("id", shown -> shown.flavor().id())
            .field("name", shown -> shown.flavor().name())
            .field("ram", shown -> shown.flavor().ramMiB())
            .field("disk", shown -> shown.flavor().diskGiB())
            .field(
                    "swap",
                    0,
                    74,
                    shown -> shown.flavor().swapMiB() == 0
                            ? ""
                            : (Object) shown.flavor().swapMiB())
            .field("swap", 75, shown -> shown.flavor().swapMiB())
            .field("OS-FLV-EXT-DATA:ephemeral", shown -> shown.flavor().ephemeralGiB())
            .field("OS-FLV-DISABLED:disabled", shown -> false)
            .field("vcpus", shown -> shown.flavor().vcpus())
            .field("os-flavor-access:is_public", shown -> shown.flavor().isPublic())
            .field("rxtx_factor", shown -> shown.flavor().rxtxFactor())
            .field("links", Shown::links)
            .field("description", DESCRIPTION_SINCE, shown -> shown.flavor().description());

    private final Transactions transactions;
    private final FlavorStore flavors;
    private final Ids ids;
    private final InstantSource clock;

    public FlavorApi(Transactions transactions, FlavorStore flavors, Ids ids, InstantSource clock) {
        this.transactions = transactions;
        this.flavors = flavors;
        this.ids = ids;
        this.clock = clock;
    }

    public List<Route> routes() {
        return List.of(
                Route.get("/flavors").policy(READ).to(request -> list(request, false)),
                Route.get("/flavors/detail").policy(READ).to(request -> list(request, true)),
                Route.post("/flavors")
                        .policy(CREATE)
                        .until(DESCRIPTION_SINCE - 1)
                        .body(NEW)
                        .to(this::create),
                Route.post("/flavors")
                        .policy(CREATE)
                        .since(DESCRIPTION_SINCE)
                        .body(NEW_DESCRIBED)
                        .to(this::create),
                Route.get("/flavors/{id}").policy(READ).to(this::show),
                Route.put("/flavors/{id}")
                        .policy(UPDATE)
                        .since(DESCRIPTION_SINCE)
                        .body(DESCRIBE)
                        .to(this::describe),
                Route.delete("/flavors/{id}").policy(DELETE).to(this::delete));
    }

    /** Rules that are asked for beside those of the routes. */
    public static List<PolicyRule> rules() {
        return List.of(EXTRA_SPECS);
    }

    private Response list(Request request, boolean detail) {
        FlavorStore.Filter filter = filter(request);
        Page page = Paging.of(request, MAX_LIMIT, ORDER);
        List<Flavor> found = transactions.read(tx -> flavors.list(tx, filter, page));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "flavors",
                found.stream().map(flavor -> show(request, flavor, detail)).toList());
        String next = Paging.next(request, page, found, Flavor::id);
        if (next != null) {
            body.put("flavors_links", Links.next(next));
        }
        return Response.json(200, body);
    }

    private static FlavorStore.Filter filter(Request request) {
        boolean admin = request.caller().isAdmin();
        String wanted = request.query().get("is_public");
        Boolean isPublic = true;
        if (admin && wanted != null) {
            isPublic = wanted.equalsIgnoreCase("none") ? null : request.query().bool("is_public");
        }
        // A member sees what is public and what their project was given, whatever they ask for.
        return new FlavorStore.Filter(
                admin ? null : request.caller().projectId(),
                admin ? isPublic : null,
                least(request, "minRam"),
                least(request, "minDisk"));
    }

    private static int least(Request request, String name) {
        String text = request.query().get(name);
        if (text == null) {
            return 0;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw Fault.invalid("Invalid " + name + " filter [" + text + "]").because(e);
        }
    }

    private Response show(Request request) {
        String project = request.caller().isAdmin() ? null : request.caller().projectId();
        Flavor flavor = transactions.read(tx -> flavors.require(tx, request.param("id"), project));
        return Response.json(200, "flavor", show(request, flavor, true));
    }

    private Response create(Request request) {
        JsonNode body = request.json("flavor");
        String id = Wire.text(body, "id");
        String name = body.get("name").asString();
        double rxtx = body.has("rxtx_factor")
                ? Double.parseDouble(body.get("rxtx_factor").asString())
                : 1.0;
        Flavor flavor = new Flavor(
                id == null || id.equals("auto") ? ids.uuid() : id,
                name,
                Wire.number(body, "ram", 0),
                Wire.number(body, "vcpus", 0),
                Wire.number(body, "disk", 0),
                Wire.number(body, "OS-FLV-EXT-DATA:ephemeral", 0),
                Wire.number(body, "swap", 0),
                rxtx,
                !body.has("os-flavor-access:is_public") || Wire.isTrue(body.get("os-flavor-access:is_public")),
                Wire.text(body, "description"),
                Map.of(),
                clock.instant());
        transactions.run(tx -> flavors.create(tx, flavor));
        return Response.json(200, "flavor", show(request, flavor, true));
    }

    private Response describe(Request request) {
        String id = request.param("id");
        String description = Wire.text(request.json("flavor"), "description");
        Flavor flavor = transactions.write(tx -> {
            flavors.require(tx, id, null);
            flavors.describe(tx, id, description, clock.instant());
            return flavors.require(tx, id, null);
        });
        return Response.json(200, "flavor", show(request, flavor, true));
    }

    private Response delete(Request request) {
        String id = request.param("id");
        transactions.run(tx -> {
            flavors.require(tx, id, null);
            flavors.delete(tx, id);
        });
        return Response.empty(202);
    }

    private static Map<String, @Nullable Object> show(Request request, Flavor flavor, boolean detail) {
        boolean extra = detail
                && request.minor() >= EXTRA_SPECS_SINCE
                && request.allows(
                        EXTRA_SPECS,
                        Map.of("project_id", String.valueOf(request.caller().projectId())));
        Shown shown = new Shown(flavor, extra ? flavor.extraSpecs() : null, Links.of(request, "flavors", flavor.id()));
        Map<String, @Nullable Object> body = (detail ? FULL : BRIEF).show(shown, request.minor());
        if (extra) {
            body.put("extra_specs", shown.extraSpecs());
        }
        return body;
    }

    private static String longText(String type) {
        return "{\"type\": " + type + ", \"maxLength\": 65535}";
    }
}
