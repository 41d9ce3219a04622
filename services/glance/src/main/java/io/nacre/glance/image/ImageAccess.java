package io.nacre.glance.image;

import io.nacre.base.Caller;
import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.glance.GlanceErrors;
import io.nacre.glance.GlancePolicy;
import io.nacre.policy.Policy;
import io.nacre.policy.PolicyRule;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Who may see and do what with an image. Who may not see it is told that it does not exist. */
public final class ImageAccess {
    private final Policy policy;
    private final ImageStore images;
    private final PropertyProtection properties;

    public ImageAccess(Policy policy, ImageStore images, PropertyProtection properties) {
        this.policy = policy;
        this.images = images;
        this.properties = properties;
    }

    public boolean isAdmin(Caller caller) {
        return policy.allows(GlancePolicy.IS_ADMIN.name(), caller, Map.of());
    }

    /** The image without the properties that the caller may not read. */
    public Image readable(Caller caller, Image image) {
        return properties.readable(policy, caller, image);
    }

    /** Faults with FORBIDDEN when the caller may not do to the properties what was done. */
    void enforceProperties(Caller caller, Map<String, String> before, Map<String, String> after) {
        properties.enforce(policy, caller, before, after);
    }

    /** An image that the caller may see; faults with NOT_FOUND. */
    public Image see(Tx tx, Caller caller, String id) {
        return see(tx, caller, id, ImageStore.MISSING);
    }

    /** @param missing what is said when there is no such image, with a place for its id */
    public Image see(Tx tx, Caller caller, String id, String missing) {
        Image image = images.require(tx, id, missing);
        boolean shared = isShared(tx, caller, image);
        if (!reaches(caller, image, shared)
                || !policy.allows(GlancePolicy.GET_IMAGE.name(), caller, target(caller, image, shared))) {
            throw ImageStore.notFound(id, missing);
        }
        return image;
    }

    /** An image that the caller may see and do this with; faults with NOT_FOUND or FORBIDDEN. */
    public Image allow(Tx tx, Caller caller, String id, PolicyRule rule) {
        return allow(tx, caller, id, rule, ImageStore.MISSING);
    }

    /** @param missing what is said when there is no such image, with a place for its id */
    public Image allow(Tx tx, Caller caller, String id, PolicyRule rule, String missing) {
        Image image = see(tx, caller, id, missing);
        enforce(tx, caller, image, rule);
        return image;
    }

    /**
     * An image that the caller may do this with, also without the right to see it, as a service has none; faults with
     * FORBIDDEN, or NOT_FOUND for who may not see it either.
     */
    public Image reach(Tx tx, Caller caller, String id, PolicyRule rule) {
        Image image = images.require(tx, id);
        if (!reaches(caller, image, isShared(tx, caller, image)) || !allows(tx, caller, image, rule)) {
            return allow(tx, caller, id, rule);
        }
        return image;
    }

    public void enforce(Tx tx, Caller caller, Image image, PolicyRule rule) {
        policy.enforce(rule.name(), caller, target(caller, image, isShared(tx, caller, image)));
    }

    public boolean allows(Tx tx, Caller caller, Image image, PolicyRule rule) {
        return policy.allows(rule.name(), caller, target(caller, image, isShared(tx, caller, image)));
    }

    /** Whether a listing shows an image that it may show by its visibility. */
    boolean lists(Caller caller, Image image) {
        return policy.allows(GlancePolicy.GET_IMAGE.name(), caller, target(caller, image, false));
    }

    /** Whether the caller may make an image that looks like this one. */
    void enforceCreate(Caller caller, Image image) {
        Map<String, @Nullable Object> target = target(caller, image, false);
        if (!policy.allows(GlancePolicy.ADD_IMAGE.name(), caller, target)) {
            if (!Objects.equals(image.owner(), caller.projectId())) {
                String owner = image.owner() == null ? "None" : image.owner();
                throw GlanceErrors.detailed(
                        Fault.Kind.FORBIDDEN, "You are not permitted to create images owned by '" + owner + "'");
            }
            policy.enforce(GlancePolicy.ADD_IMAGE.name(), caller, target);
        }
        enforceVisibility(caller, image);
    }

    /** Whether the caller may give an image the visibility that it has here. */
    void enforceVisibility(Caller caller, Image image) {
        PolicyRule rule = switch (image.visibility()) {
            case "public" -> GlancePolicy.PUBLICIZE_IMAGE;
            case "community" -> GlancePolicy.COMMUNITIZE_IMAGE;
            default -> null;
        };
        if (rule != null) {
            policy.enforce(rule.name(), caller, target(caller, image, false));
        }
    }

    private boolean reaches(Caller caller, Image image, boolean shared) {
        return isAdmin(caller)
                || image.owner() == null
                || image.visibility().equals("public")
                || image.visibility().equals("community")
                || image.owner().equals(caller.projectId())
                || shared;
    }

    private boolean isShared(Tx tx, Caller caller, Image image) {
        String project = caller.projectId();
        return project != null
                && !project.equals(image.owner())
                && image.visibility().equals("shared")
                && images.isSharedWith(tx, image.id(), project);
    }

    private static Map<String, @Nullable Object> target(Caller caller, Image image, boolean shared) {
        Map<String, @Nullable Object> target = new HashMap<>(image.properties());
        target.put("id", image.id());
        target.put("image_id", image.id());
        target.put("name", image.attributes().name());
        target.put("status", image.state().wire());
        target.put("protected", image.attributes().guarded());
        target.put("disk_format", image.attributes().diskFormat());
        target.put("container_format", image.attributes().containerFormat());
        target.put("visibility", image.visibility());
        target.put("owner", image.owner());
        target.put("project_id", image.owner());
        target.put("member_id", shared ? caller.projectId() : null);
        return target;
    }
}
