package io.nacre.glance.task;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.FaultException;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.Pages;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageView;
import io.nacre.http.Query;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.View;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** API reference "Tasks", and the tasks of one image. */
public final class TaskApi {
    private static final Set<String> STATUSES = Set.of("pending", "processing", "success", "failure");
    private static final DateTimeFormatter MICROS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
    private static final View<ImageTask> STUB = new View<ImageTask>()
            .field("id", ImageTask::id)
            .field("type", ImageTask::type)
            .field("status", task -> task.outcome().status().wire())
            .field("owner", task -> task.origin().owner())
            .field("created_at", task -> ImageView.time(task.createdAt()))
            .field("updated_at", task -> ImageView.time(task.updatedAt()))
            .field("self", TaskApi::path)
            .field("schema", task -> "/v2/schemas/task");

    private final Transactions transactions;
    private final ImageTasks tasks;
    private final ImageAccess access;
    private final Clockwork clockwork;

    public TaskApi(Transactions transactions, ImageTasks tasks, ImageAccess access, Clockwork clockwork) {
        this.transactions = transactions;
        this.tasks = tasks;
        this.access = access;
        this.clockwork = clockwork;
    }

    public List<Route> routes() {
        String task = "/v2/tasks/{id}";
        return List.of(
                Route.get("/v2/tasks").policy(GlancePolicy.TASKS_API_ACCESS).to(this::list),
                Route.get(task).policy(GlancePolicy.TASKS_API_ACCESS).to(this::show),
                Route.delete(task)
                        .policyInHandler(GlancePolicy.TASKS_API_ACCESS)
                        .to(TaskApi::keep),
                Route.get("/v2/images/{id}/tasks")
                        .policyInHandler(GlancePolicy.GET_IMAGE)
                        .to(this::ofImage));
    }

    private Response list(Request request) {
        Query query = request.query();
        Caller caller = request.caller();
        ImageTask.Status status = status(query.get("status"));
        String type = query.get("type");
        if (type != null && !type.isEmpty() && !type.equals(ImageTask.IMPORT)) {
            throw Fault.invalid("Invalid type value: " + type);
        }
        Map<String, String> texts = new TreeMap<>();
        for (String name : ImageTaskStore.filters()) {
            String value = query.get(name);
            if (value != null && !(name.equals("type") && value.isEmpty())) {
                texts.put(name, value);
            }
        }
        Page page = page(query);
        String owner = access.isAdmin(caller) ? null : caller.requireProject();
        List<ImageTask> found = transactions.read(tx -> {
            String marker = page.marker();
            if (marker != null && tasks.store().find(tx, marker).isEmpty()) {
                throw Fault.invalid("Task with the given id " + marker + " was not found");
            }
            return tasks.store().list(tx, owner, status, texts, page, clockwork.now());
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("tasks", found.stream().map(TaskApi::stub).toList());
        body.put("first", Pages.link(request, null));
        body.put("schema", "/v2/schemas/tasks");
        if (!found.isEmpty() && found.size() == page.limit()) {
            body.put("next", Pages.link(request, found.getLast().id()));
        }
        return Response.json(200, body);
    }

    private static ImageTask.@Nullable Status status(@Nullable String wanted) {
        if (wanted == null || wanted.isEmpty()) {
            return null;
        }
        if (!STATUSES.contains(wanted)) {
            throw Fault.invalid("Invalid status value: " + wanted);
        }
        return ImageTask.Status.valueOf(wanted.toUpperCase(Locale.ROOT));
    }

    private static Page page(Query query) {
        String direction = query.get("sort_dir");
        if (direction != null && !Set.of("asc", "desc").contains(direction)) {
            throw Fault.invalid("Invalid sort direction: " + direction);
        }
        boolean ascending = "asc".equals(direction);
        String key = query.get("sort_key");
        if (key != null && !ImageTaskStore.sortKeys().contains(key)) {
            throw Fault.invalid("Sort key supplied was not valid.");
        }
        String marker = query.get("marker");
        if (marker != null && !isUuid(marker)) {
            throw Fault.invalid("Invalid marker format");
        }
        List<Page.Sort> sorts = key == null || key.equals("created_at")
                ? List.of(new Page.Sort("created_at", ascending))
                : List.of(new Page.Sort(key, ascending), new Page.Sort("created_at", ascending));
        return new Page(Pages.limit(query), marker, sorts, false);
    }

    private static boolean isUuid(String text) {
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** A task as its request is answered. */
    public static Map<String, @Nullable Object> show(Transactions transactions, ImageTasks tasks, String id) {
        return full(transactions.read(tx -> tasks.store().find(tx, id)).orElseThrow());
    }

    private Response show(Request request) {
        String id = request.param("id");
        Caller caller = request.caller();
        ImageTask task = transactions.read(tx -> tasks.store()
                .find(tx, id)
                .filter(found -> mine(caller, found))
                .orElseThrow(() -> Fault.notFound("Could not find task " + id)));
        return Response.json(200, full(task));
    }

    private static Response keep(Request request) {
        throw new FaultException(new Fault(
                Fault.Kind.METHOD_NOT_ALLOWED,
                "MethodNotAllowed",
                "This operation is currently not permitted on Glance Tasks. They are auto deleted after reaching the time"
                        + " based on their expires_at property.",
                Map.of("allow", "GET")));
    }

    private Response ofImage(Request request) {
        Caller caller = request.caller();
        return Response.json(200, "tasks", transactions.read(tx -> {
            Image image = access.see(tx, caller, request.param("id"), "The resource could not be found.");
            return tasks.store().ofImage(tx, image.id(), clockwork.now()).stream()
                    .filter(task -> mine(caller, task))
                    .map(TaskApi::ofImage)
                    .toList();
        }));
    }

    private boolean mine(Caller caller, ImageTask task) {
        return access.isAdmin(caller)
                || Objects.equals(caller.projectId(), task.origin().owner());
    }

    private static String path(ImageTask task) {
        return "/v2/tasks/" + task.id();
    }

    private static Map<String, @Nullable Object> stub(ImageTask task) {
        Map<String, @Nullable Object> shown = STUB.show(task);
        Instant expires = task.outcome().expiresAt();
        putIfThere(shown, "expires_at", expires == null ? null : ImageView.time(expires));
        return shown;
    }

    private static Map<String, @Nullable Object> full(ImageTask task) {
        Map<String, @Nullable Object> shown = stub(task);
        shown.put("input", task.input());
        shown.put("message", task.outcome().message());
        shown.put("result", task.outcome().result());
        putIfThere(shown, "image_id", task.imageId());
        putIfThere(shown, "request_id", task.origin().requestId());
        putIfThere(shown, "user_id", task.origin().userId());
        return shown;
    }

    /** As it stands in the original's table: without links, with every column, times with microseconds. */
    private static Map<String, @Nullable Object> ofImage(ImageTask task) {
        Map<String, @Nullable Object> shown = full(task);
        shown.keySet().removeAll(Set.of("self", "schema"));
        shown.put("created_at", MICROS.format(task.createdAt()));
        shown.put("updated_at", MICROS.format(task.updatedAt()));
        Instant expires = task.outcome().expiresAt();
        shown.put("expires_at", expires == null ? null : MICROS.format(expires));
        shown.put("deleted", false);
        shown.put("deleted_at", null);
        return shown;
    }

    private static void putIfThere(Map<String, @Nullable Object> shown, String name, @Nullable Object value) {
        if (value != null) {
            shown.put(name, value);
        }
    }
}
