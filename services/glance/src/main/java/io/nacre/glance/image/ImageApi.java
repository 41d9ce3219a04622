package io.nacre.glance.image;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Json;
import io.nacre.base.Page;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.Clockwork;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlanceErrors;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.Pages;
import io.nacre.glance.store.Stores;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.policy.PolicyRule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** API reference "Images" and "Image tags", without the data. */
public final class ImageApi {
    private static final int LARGEST_PATCH = 1 << 20;

    private final Transactions transactions;
    private final ImageStore images;
    private final ImageAccess access;
    private final ImageQuotas quotas;
    private final GlanceConfig config;
    private final Stores stores;
    private final Clockwork clockwork;
    private final Places places;

    public ImageApi(
            Transactions transactions,
            ImageStore images,
            ImageAccess access,
            ImageQuotas quotas,
            GlanceConfig config,
            Stores stores,
            Clockwork clockwork,
            Places places) {
        this.transactions = transactions;
        this.images = images;
        this.access = access;
        this.quotas = quotas;
        this.config = config;
        this.stores = stores;
        this.clockwork = clockwork;
        this.places = places;
    }

    public List<Route> routes() {
        String image = "/v2/images/{id}";
        String tag = image + "/tags/{tag}";
        return List.of(
                Route.get("/v2/images").policy(GlancePolicy.GET_IMAGES).to(this::list),
                Route.post("/v2/images").policyInHandler(GlancePolicy.ADD_IMAGE).to(this::create),
                Route.get(image).policyInHandler(GlancePolicy.GET_IMAGE).to(this::show),
                Route.patch(image)
                        .policyInHandler(GlancePolicy.MODIFY_IMAGE)
                        .media(ImagePatch.V20, ImagePatch.V21)
                        .to(this::update),
                Route.post(image + "/actions/deactivate")
                        .policyInHandler(GlancePolicy.DEACTIVATE)
                        .to(this::deactivate),
                Route.post(image + "/actions/reactivate")
                        .policyInHandler(GlancePolicy.REACTIVATE)
                        .to(this::reactivate),
                Route.put(tag).policyInHandler(GlancePolicy.MODIFY_IMAGE).to(this::addTag),
                Route.delete(tag).policyInHandler(GlancePolicy.MODIFY_IMAGE).to(this::removeTag));
    }

    private Response list(Request request) {
        Caller caller = request.caller();
        ImageFilter filter = ImageQuery.filter(request.query(), caller.projectId(), access.isAdmin(caller));
        Page page = ImageQuery.page(request.query());
        List<Image> found = transactions.read(tx -> {
            if (page.marker() != null && images.find(tx, page.marker()).isEmpty()) {
                throw Fault.invalid(ImageStore.MISSING.replace("%s", page.marker()));
            }
            return images.list(tx, filter, page);
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(
                "images",
                places.show(
                        caller,
                        found.stream()
                                .filter(image -> access.lists(caller, image))
                                .toList()));
        body.put("first", Pages.link(request, null));
        body.put("schema", "/v2/schemas/images");
        if (!found.isEmpty() && found.size() == page.limit()) {
            body.put("next", Pages.link(request, found.getLast().id()));
        }
        return Response.json(200, body);
    }

    private Response create(Request request) {
        Image created = transactions.write(tx -> create(tx, request.caller(), request.json()));
        return Response.json(201, show(request, created))
                .header("Location", request.baseUrl() + ImageView.path(created))
                .header("OpenStack-image-import-methods", String.join(",", config.importMethods()))
                .header("OpenStack-image-store-ids", String.join(",", stores.ids()));
    }

    /** Makes the image that a caller asks for; faults as the request to create one does. */
    public Image create(Tx tx, Caller caller, JsonNode body) {
        Image image = draft(body, caller);
        access.enforceCreate(caller, image);
        access.enforceProperties(caller, Map.of(), image.properties());
        ImageFields.requireWithinLimits(config, image);
        quotas.addImage(tx, image);
        images.create(tx, image);
        return images.require(tx, image.id());
    }

    /** The image that a create request asks for. */
    private Image draft(JsonNode body, Caller caller) {
        if (!(body instanceof ObjectNode fields)) {
            throw Fault.invalid(body.isArray() ? "The request body must be a JSON object." : GlanceErrors.NO_CONTAINER);
        }
        Set<String> disallowed = Set.of("direct_url", "self", "file", "schema", "stores");
        fields.propertyNames().stream().filter(disallowed::contains).forEach(ImageFields::requireWritable);
        ImageFields.check(body);
        for (String name : fields.propertyNames()) {
            if (ImageFields.isReserved(name)) {
                throw GlanceErrors.detailed(Fault.Kind.FORBIDDEN, "Attribute '" + name + "' is reserved.");
            }
            ImageFields.requireWritable(name);
        }
        JsonNode id = fields.get("id");
        Instant now = clockwork.now();
        Image image = new Image(
                id == null ? clockwork.id() : id.stringValue(),
                1,
                ImageState.QUEUED,
                "shared",
                caller.projectId(),
                new Image.Attributes(null, null, null, 0, 0, false, false),
                Image.Data.NONE,
                Map.of(),
                Set.of(),
                List.of(),
                now,
                now);
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (!field.getKey().equals("id")) {
                image = ImageFields.set(image, field.getKey(), field.getValue());
            }
        }
        return image;
    }

    private Response show(Request request) {
        Image image = transactions.read(tx -> access.see(tx, request.caller(), request.param("id")));
        return Response.json(200, show(request, image));
    }

    private Map<String, @Nullable Object> show(Request request, Image image) {
        return places.show(request.caller(), List.of(image)).getFirst();
    }

    private Response update(Request request) {
        String type =
                String.valueOf(request.header("Content-Type")).split(";", 2)[0].strip();
        if (!type.equals(ImagePatch.V20) && !type.equals(ImagePatch.V21)) {
            throw GlanceErrors.mediaType(request, Map.of(GlanceErrors.PATCHES, ImagePatch.V20 + ", " + ImagePatch.V21));
        }
        ImagePatch patch = ImagePatch.parse(body(request), type.equals(ImagePatch.V20));
        if (patch.isEmpty()) {
            return show(request);
        }
        Caller caller = request.caller();
        UnaryOperator<Image> others = image ->
                patch.apply(image, access.readable(caller, image).properties().keySet(), access.isAdmin(caller));
        Places.Step step = places.prepare(caller, request.param("id"), patch.places(), others);
        Image changed = decide(request, GlancePolicy.MODIFY_IMAGE, ImageStore.MISSING, (tx, image) -> {
            Image patched = others.apply(image);
            access.enforceProperties(caller, image.properties(), patched.properties());
            Image wanted = step.apply(tx, patched);
            if (patch.changes("visibility")) {
                access.enforceVisibility(caller, wanted);
            }
            ImageFields.requireWithinLimits(config, wanted);
            return wanted;
        });
        return Response.json(200, show(request, changed));
    }

    private static JsonNode body(Request request) {
        try (InputStream in = request.stream()) {
            byte[] bytes = in.readNBytes(LARGEST_PATCH + 1);
            if (bytes.length > LARGEST_PATCH) {
                throw Fault.of(Fault.Kind.TOO_LARGE, "RequestEntityTooLarge", "The request body is too large.");
            }
            return Json.parse(new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw Fault.invalid("The request body could not be read.").because(e);
        }
    }

    /** Decides on the image as it is now and writes the outcome. */
    private Image change(Request request, PolicyRule rule, String missing, UnaryOperator<Image> decision) {
        return decide(request, rule, missing, (tx, image) -> decision.apply(image));
    }

    private Image decide(Request request, PolicyRule rule, String missing, Places.Step decision) {
        return transactions.write(tx -> {
            Image image = access.allow(tx, request.caller(), request.param("id"), rule, missing);
            Image wanted = decision.apply(tx, image);
            if (wanted.equals(image)) {
                return image;
            }
            if (!Objects.equals(wanted.owner(), image.owner())) {
                quotas.hand(tx, image, wanted);
            }
            images.save(tx, wanted, clockwork.now());
            return images.require(tx, image.id());
        });
    }

    private Response deactivate(Request request) {
        change(
                request,
                GlancePolicy.DEACTIVATE,
                ImageStore.MISSING,
                image -> switched(image, ImageState.DEACTIVATED, "deactivate"));
        return Response.empty(204);
    }

    private Response reactivate(Request request) {
        change(
                request,
                GlancePolicy.REACTIVATE,
                ImageStore.MISSING,
                image -> switched(image, ImageState.ACTIVE, "reactivate"));
        return Response.empty(204);
    }

    private static Image switched(Image image, ImageState wanted, String action) {
        if (image.state() == wanted) {
            return image;
        }
        if (!image.hasData()) {
            throw Fault.forbidden("Not allowed to " + action + " image in status '"
                    + image.state().wire() + "'");
        }
        return image.in(wanted);
    }

    private Response addTag(Request request) {
        String tag = request.param("tag");
        ImageFields.check(ImageFields.part("tags", Json.tree(List.of(tag))));
        change(request, GlancePolicy.MODIFY_IMAGE, "Image %s not found.", image -> {
            Set<String> tags = new TreeSet<>(image.tags());
            tags.add(tag);
            Image wanted = image.tagged(tags);
            ImageFields.requireRoomForTag(config, wanted);
            return wanted;
        });
        return Response.empty(204);
    }

    private Response removeTag(Request request) {
        String tag = request.param("tag");
        change(request, GlancePolicy.MODIFY_IMAGE, "Image %s not found.", image -> {
            if (!image.tags().contains(tag)) {
                throw Fault.notFound("The resource could not be found.");
            }
            Set<String> tags = new TreeSet<>(image.tags());
            tags.remove(tag);
            return image.tagged(tags);
        });
        return Response.empty(204);
    }
}
