package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageState;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Interoperable image import". */
public final class ImportApi {
    private static final Schema IMPORT = Schema.of("""
            {"type": "object", "required": ["method"], "properties": {
               "method": {"type": "object", "required": ["name"], "properties": {
                  "name": {"type": "string"}, "uri": {"type": "string", "maxLength": 2048}}},
               "all_stores": {"type": "boolean"},
               "all_stores_must_succeed": {"type": "boolean"},
               "stores": {"type": "array", "items": {"type": "string"}}}}
            """);
    private final Transactions transactions;
    private final ImageAccess access;
    private final ImageImport imports;
    private final Stores stores;
    private final GlanceConfig config;

    public ImportApi(
            Transactions transactions, ImageAccess access, ImageImport imports, Stores stores, GlanceConfig config) {
        this.transactions = transactions;
        this.access = access;
        this.imports = imports;
        this.stores = stores;
        this.config = config;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v2/images/{id}/import")
                .policy(GlancePolicy.MODIFY_IMAGE)
                .body(IMPORT)
                .to(this::start));
    }

    private Response start(Request request) {
        JsonNode method = request.json("method");
        String name = method.get("name").stringValue();
        if (!config.importMethods().contains(name)) {
            throw Fault.invalid("Unknown import method name '" + name + "'.");
        }
        String uri = method.get("uri") == null ? null : method.get("uri").stringValue();
        if (name.equals(ImageImport.WEB) && uri == null) {
            throw Fault.invalid("Import method web-download needs a 'uri'.");
        }
        String wanted = name.equals(ImageImport.WEB) ? uri : null;
        Stores.Store store = store(request);
        Caller caller = request.caller();
        transactions.run(tx -> {
            Image image = access.see(tx, caller, request.param("id"));
            requireState(image, name);
            access.enforce(tx, caller, image, GlancePolicy.MODIFY_IMAGE);
            ObjectNode input = Json.object();
            input.put("image_id", image.id());
            input.set("import_req", request.json());
            input.putArray("backend").add(store.id());
            imports.start(tx, caller, image, wanted, store, input);
        });
        return Response.empty(202);
    }

    private Stores.Store store(Request request) {
        JsonNode list = request.json().get("stores");
        String header = request.header("X-Image-Meta-Store");
        if (list != null && !list.isEmpty()) {
            // Copies in further stores are made by copy-image.
            return known(list.get(0).stringValue());
        }
        return header == null ? stores.byDefault() : known(header);
    }

    private Stores.Store known(String id) {
        if (!stores.ids().contains(id)) {
            throw Fault.conflict("Store for identifier " + id + " not found");
        }
        return stores.require(id);
    }

    private static void requireState(Image image, String method) {
        if (image.hasData()) {
            throw Fault.conflict("Image with status active cannot be target for import");
        }
        if (method.equals(ImageImport.WEB) && image.state() != ImageState.QUEUED) {
            throw Fault.conflict("Image needs to be in 'queued' state to use 'web-download' method");
        }
        if (method.equals(ImageImport.DIRECT) && image.state() != ImageState.UPLOADING) {
            throw Fault.conflict("Image needs to be staged before 'glance-direct' method can be used");
        }
        requireSet(image.attributes().containerFormat(), "container_format");
        requireSet(image.attributes().diskFormat(), "disk_format");
    }

    private static void requireSet(@Nullable String format, String name) {
        if (format == null) {
            throw Fault.conflict("'" + name + "' needs to be set before import");
        }
    }
}
