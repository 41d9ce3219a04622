package io.nacre.glance.member;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Transactions;
import io.nacre.base.Tx;
import io.nacre.glance.GlanceConfig;
import io.nacre.glance.GlanceErrors;
import io.nacre.glance.GlancePolicy;
import io.nacre.glance.image.Image;
import io.nacre.glance.image.ImageAccess;
import io.nacre.glance.image.ImageView;
import io.nacre.http.Request;
import io.nacre.http.Response;
import io.nacre.http.Route;
import io.nacre.http.View;
import io.nacre.policy.PolicyRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * API reference "Sharing". The owner says with whom an image is shared, the other project says whether it wants it in
 * its listings. The route's rule is that of the image: whether the caller is a member shows only with the image.
 */
public final class MemberApi {
    private static final List<String> STATUSES = List.of("pending", "accepted", "rejected");
    private static final String NOT_SHARED = "Only shared images have members.";
    private static final int LONGEST = 255;
    private static final View<Member> VIEW = new View<Member>()
            .field("member_id", Member::project)
            .field("image_id", Member::imageId)
            .field("status", Member::status)
            .field("created_at", member -> ImageView.time(member.createdAt()))
            .field("updated_at", member -> ImageView.time(member.updatedAt()))
            .field("schema", member -> "/v2/schemas/member");

    private final Transactions transactions;
    private final ImageAccess access;
    private final MemberStore members;
    private final GlanceConfig config;
    private final InstantSource clock;

    public MemberApi(
            Transactions transactions,
            ImageAccess access,
            MemberStore members,
            GlanceConfig config,
            InstantSource clock) {
        this.transactions = transactions;
        this.access = access;
        this.members = members;
        this.config = config;
        this.clock = clock;
    }

    public List<Route> routes() {
        String all = "/v2/images/{id}/members";
        String one = all + "/{member}";
        return List.of(
                Route.get(all).policyInHandler(GlancePolicy.GET_MEMBERS).to(this::list),
                Route.post(all).policyInHandler(GlancePolicy.ADD_MEMBER).to(this::create),
                Route.get(one).policyInHandler(GlancePolicy.GET_MEMBER).to(this::show),
                Route.put(one).policyInHandler(GlancePolicy.MODIFY_MEMBER).to(this::update),
                Route.delete(one).policyInHandler(GlancePolicy.DELETE_MEMBER).to(this::delete));
    }

    private Response list(Request request) {
        List<Member> found = transactions.read(tx -> {
            Image image = shared(
                    tx, request, GlancePolicy.GET_MEMBERS, "Not allowed to list members for image %s: " + NOT_SHARED);
            return members.ofImage(tx, image.id()).stream()
                    .filter(member -> mayKnow(request.caller(), image, member))
                    .toList();
        });
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("members", VIEW.showAll(found, 0));
        body.put("schema", "/v2/schemas/members");
        return Response.json(200, body);
    }

    private Response create(Request request) {
        JsonNode wanted = field(request, "member", "Member to be added not specified", "image_id");
        if (wanted.isNull() || wanted.asString("x").isEmpty()) {
            throw Fault.invalid("Member can't be empty");
        }
        String project = wanted.asString("");
        if (!wanted.isString() || project.length() > LONGEST) {
            throw Fault.invalid("Member must be a string of at most 255 characters");
        }
        Member created = transactions.write(tx -> {
            Image image = shared(tx, request, GlancePolicy.ADD_MEMBER, "Not allowed to create members for image %s.");
            if (members.find(tx, image.id(), project).isPresent()) {
                throw Fault.conflict("Member " + project + " is duplicated for image " + image.id());
            }
            long most = config.quota("members");
            int now = members.ofImage(tx, image.id()).size();
            if (most >= 0 && now >= most) {
                throw Fault.of(
                        Fault.Kind.TOO_LARGE,
                        "OverQuota",
                        "Image member limit exceeded for image " + image.id()
                                + ": The limit has been exceeded on the number of allowed image members for this image."
                                + " Attempted: " + (now + 1) + ", Maximum: " + most + ":");
            }
            Instant instant = clock.instant();
            Member member = new Member(image.id(), project, "pending", instant, instant);
            members.add(tx, member);
            return member;
        });
        return Response.json(200, VIEW.show(created));
    }

    private Response show(Request request) {
        // A member that the caller may not know of does not exist for them.
        Member found = transactions.read(tx -> {
            Image image = access.see(tx, request.caller(), request.param("id"), "Image %s not found.");
            if (!image.visibility().equals("shared")) {
                throw Fault.notFound(NOT_SHARED);
            }
            if (!access.allows(tx, request.caller(), image, GlancePolicy.GET_MEMBER)) {
                throw notFound(request);
            }
            return require(tx, request, image);
        });
        return Response.json(200, VIEW.show(found));
    }

    private Response update(Request request) {
        String status =
                field(request, "status", "Status not specified", "status").asString("");
        if (!STATUSES.contains(status)) {
            throw Fault.invalid("Incorrect request: Status must be \"pending\", \"accepted\" or \"rejected\".");
        }
        Member updated = transactions.write(tx -> {
            Image image = shared(tx, request, GlancePolicy.GET_MEMBER, "Not allowed to update members for image %s.");
            Member member = require(tx, request, image);
            access.enforce(tx, request.caller(), image, GlancePolicy.MODIFY_MEMBER);
            if (!access.isAdmin(request.caller())
                    && !member.project().equals(request.caller().projectId())) {
                throw notFound(request);
            }
            members.setStatus(tx, member, status, clock.instant());
            return require(tx, request, image);
        });
        return Response.json(200, VIEW.show(updated));
    }

    private Response delete(Request request) {
        transactions.run(tx -> {
            Image image =
                    shared(tx, request, GlancePolicy.DELETE_MEMBER, "Not allowed to delete members for image %s.");
            members.remove(tx, require(tx, request, image));
        });
        return Response.empty(204);
    }

    /** @param refusal what is said when the image is not shared, with a place for its id */
    private Image shared(Tx tx, Request request, PolicyRule rule, String refusal) {
        Image image = access.see(tx, request.caller(), request.param("id"), "Image %s not found.");
        if (!image.visibility().equals("shared")) {
            throw Fault.forbidden(refusal.replace("%s", image.id()));
        }
        access.enforce(tx, request.caller(), image, rule);
        return image;
    }

    private Member require(Tx tx, Request request, Image image) {
        return members.find(tx, image.id(), request.param("member"))
                .filter(member -> mayKnow(request.caller(), image, member))
                .orElseThrow(() -> notFound(request));
    }

    /** A member sees itself only; the owner sees all. */
    private boolean mayKnow(Caller caller, Image image, Member member) {
        @Nullable String project = caller.projectId();
        return access.isAdmin(caller)
                || Objects.equals(image.owner(), project)
                || member.project().equals(project);
    }

    private static RuntimeException notFound(Request request) {
        return Fault.notFound(
                request.param("member") + " not found in the member list of the image " + request.param("id") + ".");
    }

    private static JsonNode field(Request request, String name, String missing, String example) {
        JsonNode body = request.json();
        if (!body.isObject()) {
            throw Fault.invalid(
                    body.isArray()
                            ? "Expected a " + name + " in the form: {\"" + name + "\": \"" + example + "\"}"
                            : GlanceErrors.NO_CONTAINER);
        }
        JsonNode value = body.get(name);
        if (value == null) {
            throw Fault.invalid(missing);
        }
        return value;
    }
}
