package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
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
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Interoperable image import". */
public final class ImportApi {
    private static final Schema IMPORT = Schema.of("""
            {"type": "object", "properties": {
               "method": {"type": "object", "properties": {
                  "name": {"type": ["string", "null", "number"]}, "glance_image_id": {"type": "string"},
                  "glance_region": {"type": "string", "maxLength": 255},
                  "glance_service_interface": {"type": "string", "maxLength": 255}, "uri": {"type": ["string", "null"], "maxLength": 2048}}},
               "stores": {"type": "array", "maxItems": 100, "items": {"type": "string"}}}}
            """);
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}");
    private static final String STORE_HEADER = "X-Image-Meta-Store";

    private final Transactions transactions;
    private final ImageAccess access;
    private final ImageImport imports;
    private final ImageCopy copying;
    private final Stores stores;
    private final GlanceConfig config;

    public ImportApi(
            Transactions transactions,
            ImageAccess access,
            ImageImport imports,
            ImageCopy copying,
            Stores stores,
            GlanceConfig config) {
        this.transactions = transactions;
        this.access = access;
        this.imports = imports;
        this.copying = copying;
        this.stores = stores;
        this.config = config;
    }

    public List<Route> routes() {
        return List.of(Route.post("/v2/images/{id}/import")
                .policyInHandler(GlancePolicy.GET_IMAGE)
                .body(IMPORT)
                .to(this::start));
    }

    private Response start(Request request) {
        JsonNode body = request.json();
        String method = method(body);
        boolean all = flag(body, "all_stores", false);
        boolean allMustSucceed = flag(body, "all_stores_must_succeed", true);
        Caller caller = request.caller();
        transactions.run(tx -> {
            Image image = access.see(tx, caller, request.param("id"));
            requireState(image, method);
            access.enforce(
                    tx,
                    caller,
                    image,
                    method.equals(ImageImport.COPY) ? GlancePolicy.COPY_IMAGE : GlancePolicy.MODIFY_IMAGE);
            if (ImportMarks.isBusy(image)) {
                throw Fault.conflict("Image has active task");
            }
            List<Stores.Store> wanted = stores(request, all);
            if (method.equals(ImageImport.COPY)) {
                copy(tx, caller, image, all, new Wanted(wanted, allMustSucceed, body));
            } else {
                ImportOrder.Source source = new ImportOrder.Source(method, uri(method, body), remote(method, body));
                imports.start(
                        tx,
                        caller,
                        image,
                        new ImageImport.Wish(source, wanted, allMustSucceed, input(image, body, wanted)),
                        request.token());
            }
        });
        return Response.empty(202);
    }

    private record Wanted(List<Stores.Store> stores, boolean allMustSucceed, JsonNode body) {}

    /** Nothing to do is no fault when all stores were meant. */
    private void copy(Tx tx, Caller caller, Image image, boolean all, Wanted wanted) {
        Optional<Stores.Store> present = wanted.stores().stream()
                .filter(store -> image.stores().contains(store.id()))
                .findFirst();
        if (present.isPresent() && !all) {
            throw Fault.invalid(
                    "Image is already present at store '" + present.get().id() + "'");
        }
        List<Stores.Store> missing = wanted.stores().stream()
                .filter(store -> !image.stores().contains(store.id()))
                .toList();
        if (!missing.isEmpty()) {
            copying.start(tx, caller, image, missing, wanted.allMustSucceed(), input(image, wanted.body(), missing));
        }
    }

    private static ObjectNode input(Image image, JsonNode body, List<Stores.Store> stores) {
        ObjectNode input = Json.object();
        input.put("image_id", image.id());
        input.set("import_req", body);
        stores.forEach(store -> input.withArray("backend").add(store.id()));
        return input;
    }

    private String method(JsonNode body) {
        JsonNode method = body.get("method");
        if (method == null) {
            throw Fault.invalid("Import request requires a 'method' field.");
        }
        JsonNode name = method.get("name");
        if (name == null) {
            throw Fault.invalid("Import request requires a 'name' field.");
        }
        String said = name.isNull() ? "None" : name.asString();
        if (!config.importMethods().contains(said)) {
            throw Fault.invalid("Unknown import method name '" + said + "'.");
        }
        return said;
    }

    private static boolean flag(JsonNode body, String name, boolean otherwise) {
        JsonNode value = body.get(name);
        if (value != null && !value.isBoolean()) {
            throw Fault.invalid("'" + name + "' must be boolean value only");
        }
        return value == null ? otherwise : value.booleanValue();
    }

    private static @Nullable String uri(String method, JsonNode body) {
        JsonNode uri = body.at("/method/uri");
        if (method.equals(ImageImport.WEB) && !uri.isString()) {
            throw Fault.invalid("URI for web-download does not pass filtering: None");
        }
        return method.equals(ImageImport.WEB) ? uri.stringValue() : null;
    }

    private static ImportOrder.@Nullable Remote remote(String method, JsonNode body) {
        if (!method.equals(ImageImport.GLANCE)) {
            return null;
        }
        ObjectNode asked = (ObjectNode) body.get("method");
        for (String name : List.of("glance_region", "glance_image_id")) {
            if (!asked.has(name)) {
                throw Fault.invalid("'" + name + "' needs to be set for glance-download import method");
            }
        }
        String id = asked.get("glance_image_id").stringValue();
        if (!UUID.matcher(id).matches()) {
            throw Fault.invalid("Remote image id does not look like a UUID: " + id);
        }
        if (!asked.has("glance_service_interface")) {
            asked.put("glance_service_interface", "public");
        }
        return new ImportOrder.Remote(
                id,
                asked.get("glance_region").stringValue(),
                asked.get("glance_service_interface").stringValue());
    }

    private List<Stores.Store> stores(Request request, boolean all) {
        JsonNode list = request.json().get("stores");
        String header = request.header(STORE_HEADER);
        if (all) {
            if (list != null || header != null) {
                throw Fault.invalid(
                        "All_stores parameter can't be used with x-image-meta-store header or stores parameter");
            }
            return stores.writable();
        }
        if (list == null) {
            return List.of(header == null ? stores.byDefault() : known(header));
        }
        if (header != null) {
            throw Fault.invalid("Stores parameter and x-image-meta-store header can't be both specified");
        }
        return list.valueStream()
                .map(JsonNode::stringValue)
                .distinct()
                .map(this::known)
                .toList();
    }

    private Stores.Store known(String id) {
        if (!stores.ids().contains(id)) {
            throw Fault.conflict("Store for identifier " + id + " not found");
        }
        return stores.require(id);
    }

    private static void requireState(Image image, String method) {
        boolean active = image.state() == ImageState.ACTIVE;
        boolean copy = method.equals(ImageImport.COPY);
        if (active && !copy) {
            throw Fault.conflict("Image with status active cannot be target for import");
        }
        if (!active && copy) {
            throw Fault.conflict("Only images with status active can be targeted for copying");
        }
        if (List.of(ImageImport.WEB, ImageImport.GLANCE).contains(method) && image.state() != ImageState.QUEUED) {
            throw Fault.conflict("Image needs to be in 'queued' state to use '" + method + "' method");
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
