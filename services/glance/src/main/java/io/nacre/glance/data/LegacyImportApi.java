package io.nacre.glance.data;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageApi;
import io.nacre.glance.schema.SchemaApi;
import io.nacre.glance.store.Stores;
import io.nacre.glance.task.ImageTask;
import io.nacre.glance.task.ImageTasks;
import io.nacre.glance.task.TaskApi;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.Schema;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * API reference "Tasks": an image that is made and gets its data by one task. What is wrong with its input is told by
 * the task, as in the original.
 */
public final class LegacyImportApi {
    private static final Schema TASK = SchemaApi.body("task");

    private final Transactions transactions;
    private final ImageApi images;
    private final ImageImport imports;
    private final ImageTasks tasks;
    private final Stores stores;

    public LegacyImportApi(
            Transactions transactions, ImageApi images, ImageImport imports, ImageTasks tasks, Stores stores) {
        this.transactions = transactions;
        this.images = images;
        this.imports = imports;
        this.tasks = tasks;
        this.stores = stores;
    }

    public List<Route> routes() {
        return List.of(
                Route.post("/v2/tasks").policy(GlancePolicy.TASKS_API_ACCESS).to(this::create));
    }

    private Response create(Request request) {
        JsonNode body = request.json();
        for (String name : List.of("type", "input")) {
            if (!body.has(name)) {
                throw Fault.invalid("Task '" + name + "' is required");
            }
        }
        TASK.check(body);
        String type = body.get("type").stringValue();
        JsonNode input = body.get("input");
        String id;
        try {
            id = transactions.write(tx -> start(tx, request.caller(), type, input));
        } catch (FaultException e) {
            id = transactions.write(tx -> failed(tx, request.caller(), type, input, e.fault()));
        }
        Map<String, @Nullable Object> task = TaskApi.show(transactions, tasks, id);
        return Response.json(201, task).header("Location", request.baseUrl() + task.get("self"));
    }

    private String start(Tx tx, Caller caller, String type, JsonNode input) {
        if (!type.equals(ImageTask.IMPORT)) {
            // Tasks of the import API are made there, and hold the lock of their image.
            throw Fault.conflict("Task was aborted externally");
        }
        for (String name : List.of("import_from", "import_from_format", "image_properties")) {
            if (!input.has(name)) {
                throw Fault.invalid("Input does not contain '" + name + "' field");
            }
        }
        String uri = uri(input.get("import_from"));
        JsonNode properties = input.get("image_properties");
        if (properties instanceof ObjectNode fields) {
            ObjectNode wanted = fields.deepCopy();
            wanted.putIfAbsent("disk_format", input.get("import_from_format"));
            if (!wanted.has("container_format")) {
                wanted.put("container_format", "bare");
            }
            properties = wanted;
        }
        Image image = images.create(tx, caller, properties);
        ImportOrder.Source source = new ImportOrder.Source(ImageImport.LEGACY, uri, null);
        return imports.start(
                tx, caller, image, new ImageImport.Wish(source, List.of(stores.byDefault()), true, input), "");
    }

    private static String uri(JsonNode from) {
        String uri = from.isString() ? from.stringValue() : "";
        if (uri.isEmpty()) {
            throw Fault.invalid("Invalid location: " + (from.isString() ? "" : "None"));
        }
        if (uri.startsWith("file:///") || uri.startsWith("filesystem:///")) {
            throw Fault.invalid("File based imports are not allowed. Please use a non-local source of image data.");
        }
        if (!uri.startsWith("http://") && !uri.startsWith("https://")) {
            throw Fault.invalid("The given uri is not valid. Please specify a valid uri from the following list of"
                    + " supported uri ['http']");
        }
        return uri;
    }

    private String failed(Tx tx, Caller caller, String type, JsonNode input, Fault why) {
        String id = tasks.add(tx, caller, type, null, input);
        tasks.fail(tx, id, why.message());
        return id;
    }
}
