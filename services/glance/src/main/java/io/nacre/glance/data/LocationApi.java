package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.HashAlgorithm;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Add Location" and "Get Location" (v2.17). */
public final class LocationApi {
    private static final Schema ADD = Schema.of("""
            {"type": "object", "required": ["url"], "properties": {
               "url": {"type": "string", "maxLength": 2048},
               "validation_data": {"type": "object", "additionalProperties": false, "properties": {
                  "os_hash_algo": {"type": "string", "enum": ["sha1", "sha256", "sha512", "md5"]},
                  "os_hash_value": {"type": "string", "maxLength": 128}},
                "dependentRequired": {"os_hash_value": ["os_hash_algo"], "os_hash_algo": ["os_hash_value"]}}}}
            """);

    private final Transactions transactions;
    private final ImageAccess access;
    private final LocationStore locations;
    private final LocationImport imports;
    private final ImagePlaces places;
    private final Stores stores;

    public LocationApi(
            Transactions transactions,
            ImageAccess access,
            LocationStore locations,
            LocationImport imports,
            ImagePlaces places,
            Stores stores) {
        this.transactions = transactions;
        this.access = access;
        this.locations = locations;
        this.imports = imports;
        this.places = places;
        this.stores = stores;
    }

    public List<Route> routes() {
        String path = "/v2/images/{id}/locations";
        return List.of(
                Route.post(path)
                        .policyInHandler(GlancePolicy.ADD_IMAGE_LOCATION)
                        .body(ADD)
                        .to(this::add),
                Route.get(path)
                        .policyInHandler(GlancePolicy.FETCH_IMAGE_LOCATION)
                        .to(this::list));
    }

    private Response add(Request request) {
        JsonNode body = request.json();
        String url = body.get("url").stringValue();
        transactions.run(tx -> {
            Caller caller = request.caller();
            Image image = access.reach(tx, caller, request.param("id"), GlancePolicy.ADD_IMAGE_LOCATION);
            if (image.state() != ImageState.QUEUED) {
                throw Fault.conflict("It's not allowed to add locations if image status is "
                        + image.state().wire() + ".");
            }
            Stores.Store store = store(caller, url);
            imports.start(tx, caller, image, store, url, told(body.get("validation_data")), input(image, body));
        });
        return Response.empty(202);
    }

    /** What is not a service may name data in the web only. */
    private Stores.Store store(Caller caller, String url) {
        boolean web = url.startsWith("http")
                && stores.offered().stream()
                        .anyMatch(store -> store.driver().kind().equals("http"));
        if (!caller.isService() && !web) {
            throw Fault.forbidden("http store must be enabled to use location API by normal user.");
        }
        return stores.taking(url).orElseThrow(() -> Fault.invalid("Invalid location"));
    }

    private static Image.Data told(@Nullable JsonNode validation) {
        if (validation == null || validation.isEmpty()) {
            return Image.Data.NONE;
        }
        String hash = validation.get("os_hash_value").stringValue().toLowerCase(Locale.ROOT);
        if (!hash.matches("([0-9a-f]{2})*")) {
            throw Fault.invalid("os_hash_value (" + hash + ") is not a valid hexadecimal value");
        }
        HashAlgorithm algorithm =
                HashAlgorithm.of(validation.get("os_hash_algo").stringValue()).orElseThrow();
        if (hash.length() != 2 * algorithm.bytes()) {
            throw Fault.invalid("os_hash_value: (" + hash + ") is not the correct size for (" + algorithm.wire()
                    + ") (should be (" + algorithm.bytes() + ") bytes)");
        }
        return new Image.Data(null, null, null, algorithm.wire(), hash);
    }

    private static ObjectNode input(Image image, JsonNode body) {
        ObjectNode input = Json.object();
        input.put("image_id", image.id());
        input.set("loc_url", body.get("url"));
        input.set("validation_data", body.has("validation_data") ? body.get("validation_data") : Json.object());
        return input;
    }

    private Response list(Request request) {
        List<Location> found = transactions.read(tx -> find(tx, request.caller(), request.param("id")));
        return Response.json(200, places.list(found));
    }

    private List<Location> find(Tx tx, Caller caller, String id) {
        Image image = access.reach(tx, caller, id, GlancePolicy.FETCH_IMAGE_LOCATION);
        return locations.active(tx, List.of(image.id()));
    }
}
