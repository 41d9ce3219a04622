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
import io.nacre.glance.image.ImageView;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import io.nacre.http.View;
import io.nacre.tasks.Tasks;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Interoperable image import", and the tasks of an image. */
public final class ImportApi {
    private static final Schema IMPORT = Schema.of("""
            {"type": "object", "required": ["method"], "properties": {
               "method": {"type": "object", "required": ["name"], "properties": {
                  "name": {"type": "string"}, "uri": {"type": "string", "maxLength": 2048}}},
               "all_stores": {"type": "boolean"},
               "all_stores_must_succeed": {"type": "boolean"},
               "stores": {"type": "array", "items": {"type": "string"}}}}
            """);
    private static final View<Tasks.Timeline> TASK = new View<Tasks.Timeline>()
            .field("id", Tasks.Timeline::taskId)
            .field("type", task -> "api_image_import")
            .field("status", task -> switch (task.status()) {
                case RUNNING, UNDOING -> "processing";
                case DONE -> "success";
                case FAILED -> "failure";
            })
            .field("owner", task -> task.caller().projectId())
            .field("user_id", task -> task.caller().userId())
            .field("request_id", task -> task.caller().requestId())
            .field("image_id", task -> imageId(task.resource()))
            .field(
                    "result",
                    task -> task.status() == Tasks.Status.DONE ? Map.of("image_id", imageId(task.resource())) : null)
            .field("message", task -> task.fault() == null ? "" : task.fault().message())
            .field("expires_at", task -> null)
            .field("created_at", task -> ImageView.time(task.startedAt()))
            .field("updated_at", task -> ImageView.time(task.updatedAt()))
            .field("self", task -> "/v2/tasks/" + task.taskId())
            .field("schema", task -> "/v2/schemas/task");

    private final Transactions transactions;
    private final ImageAccess access;
    private final ImageImport imports;
    private final ImportStore requests;
    private final Tasks tasks;
    private final Stores stores;
    private final GlanceConfig config;

    public ImportApi(
            Transactions transactions,
            ImageAccess access,
            ImageImport imports,
            ImportStore requests,
            Tasks tasks,
            Stores stores,
            GlanceConfig config) {
        this.transactions = transactions;
        this.access = access;
        this.imports = imports;
        this.requests = requests;
        this.tasks = tasks;
        this.stores = stores;
        this.config = config;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v2/images/{id}/import")
                        .policy(GlancePolicy.MODIFY_IMAGE)
                        .body(IMPORT)
                        .to(this::start),
                Route.get("/v2/images/{id}/tasks")
                        .policy(GlancePolicy.GET_IMAGE)
                        .to(this::list));
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
            String task = imports.start(tx, caller, image, wanted, store);
            ObjectNode input = Json.object();
            input.put("image_id", image.id());
            input.set("import_req", request.json());
            input.putArray("backend").add(store.id());
            requests.add(tx, task, image.id(), input);
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

    private Response list(Request request) {
        return Response.json(200, "tasks", transactions.read(tx -> {
            Image image = access.see(tx, request.caller(), request.param("id"));
            Map<String, JsonNode> inputs = requests.ofImage(tx, image.id());
            return tasks.timeline(tx, ImageDelete.resource(image.id())).stream()
                    .filter(task -> task.saga().equals(ImageImport.SAGA))
                    .map(task -> show(task, inputs.get(task.taskId())))
                    .toList();
        }));
    }

    private static Map<String, @Nullable Object> show(Tasks.Timeline task, @Nullable JsonNode input) {
        Map<String, @Nullable Object> shown = TASK.show(task);
        shown.put("input", input);
        return shown;
    }

    private static String imageId(String resource) {
        return resource.substring(resource.indexOf('/') + 1);
    }
}
