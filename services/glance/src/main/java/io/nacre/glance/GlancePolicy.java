package io.nacre.glance;

import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.List;

/**
 * Glance's rules with their defaults of 2024.1 (glance/policies). The target of a rule about an image holds its
 * owner as project_id, its visibility, and the caller's project as member_id when the image is shared with it.
 */
public final class GlancePolicy {
    public static final String ADMIN = "rule:context_is_admin";
    private static final String REACH = "(project_id:%(project_id)s or project_id:%(member_id)s"
            + " or 'community':%(visibility)s or 'public':%(visibility)s or 'shared':%(visibility)s)";
    private static final String SERVICE = "rule:service_api";
    private static final String MEMBER = ADMIN + " or (role:member and project_id:%(project_id)s)";
    public static final String READER = ADMIN + " or (role:reader and project_id:%(project_id)s)";
    private static final String SHARED_READER =
            ADMIN + " or (role:reader and (project_id:%(project_id)s or project_id:%(member_id)s))";

    public static final PolicyRule IS_SERVICE = PolicyRule.alias("service_api", Personas.SERVICE);
    public static final PolicyRule IS_ADMIN = PolicyRule.alias("context_is_admin", Personas.ADMIN);

    /** Anybody with a token; rules of operators refer to it. */
    private static final PolicyRule DEFAULT = PolicyRule.alias("default", Personas.ANY);

    /** What every client has to know of the service; the original asks for no more than a token. */
    public static final PolicyRule DISCOVER =
            PolicyRule.anyScope("discover", Personas.ANY, "Read schemas, import methods, stores and one's own usage.");

    public static final PolicyRule ADD_IMAGE = PolicyRule.of(
            "add_image", ADMIN + " or (role:member and project_id:%(project_id)s and project_id:%(owner)s)");
    public static final PolicyRule GET_IMAGES = PolicyRule.of("get_images", READER);
    public static final PolicyRule GET_IMAGE =
            PolicyRule.of("get_image", ADMIN + " or (role:reader and " + REACH + ")");
    public static final PolicyRule MODIFY_IMAGE = PolicyRule.of("modify_image", MEMBER);
    public static final PolicyRule DELETE_IMAGE = PolicyRule.of("delete_image", MEMBER);
    public static final PolicyRule PUBLICIZE_IMAGE = PolicyRule.of("publicize_image", ADMIN);
    public static final PolicyRule COMMUNITIZE_IMAGE = PolicyRule.of("communitize_image", MEMBER);
    public static final PolicyRule UPLOAD_IMAGE = PolicyRule.of("upload_image", MEMBER);
    public static final PolicyRule DOWNLOAD_IMAGE =
            PolicyRule.of("download_image", ADMIN + " or (role:member and " + REACH + ")");
    public static final PolicyRule DEACTIVATE = PolicyRule.of("deactivate", MEMBER);
    public static final PolicyRule REACTIVATE = PolicyRule.of("reactivate", MEMBER);
    public static final PolicyRule ADD_MEMBER = PolicyRule.of("add_member", MEMBER);
    public static final PolicyRule DELETE_MEMBER = PolicyRule.of("delete_member", MEMBER);
    public static final PolicyRule GET_MEMBER = PolicyRule.of("get_member", SHARED_READER);
    public static final PolicyRule GET_MEMBERS = PolicyRule.of("get_members", SHARED_READER);
    public static final PolicyRule MODIFY_MEMBER =
            PolicyRule.of("modify_member", ADMIN + " or (role:member and project_id:%(member_id)s)");
    public static final PolicyRule GET_IMAGE_LOCATION = PolicyRule.of("get_image_location", READER);
    public static final PolicyRule SET_IMAGE_LOCATION = PolicyRule.of("set_image_location", MEMBER);
    public static final PolicyRule DELETE_IMAGE_LOCATION = PolicyRule.of("delete_image_location", ADMIN);
    public static final PolicyRule ADD_IMAGE_LOCATION = PolicyRule.of(
            "add_image_location", SERVICE + " or (role:member and project_id:%(project_id)s and project_id:%(owner)s)");
    public static final PolicyRule FETCH_IMAGE_LOCATION = PolicyRule.of("fetch_image_location", SERVICE);
    public static final PolicyRule COPY_IMAGE = PolicyRule.of("copy_image", ADMIN);
    public static final PolicyRule CACHE_IMAGE = PolicyRule.of("cache_image", ADMIN);
    public static final PolicyRule CACHE_LIST = PolicyRule.of("cache_list", ADMIN);
    public static final PolicyRule CACHE_DELETE = PolicyRule.of("cache_delete", ADMIN);
    public static final PolicyRule STORES_DETAIL = PolicyRule.of("stores_info_detail", ADMIN);

    public static final PolicyRule TASKS_API_ACCESS = PolicyRule.of("tasks_api_access", ADMIN);

    private GlancePolicy() {}

    public static List<PolicyRule> rules() {
        return List.of(
                IS_ADMIN,
                IS_SERVICE,
                DEFAULT,
                DISCOVER,
                ADD_IMAGE,
                GET_IMAGES,
                GET_IMAGE,
                MODIFY_IMAGE,
                DELETE_IMAGE,
                PUBLICIZE_IMAGE,
                COMMUNITIZE_IMAGE,
                UPLOAD_IMAGE,
                DOWNLOAD_IMAGE,
                DEACTIVATE,
                REACTIVATE,
                ADD_MEMBER,
                DELETE_MEMBER,
                GET_MEMBER,
                GET_MEMBERS,
                MODIFY_MEMBER,
                COPY_IMAGE,
                STORES_DETAIL,
                GET_IMAGE_LOCATION,
                CACHE_IMAGE,
                CACHE_LIST,
                CACHE_DELETE,
                SET_IMAGE_LOCATION,
                DELETE_IMAGE_LOCATION,
                ADD_IMAGE_LOCATION,
                FETCH_IMAGE_LOCATION,
                TASKS_API_ACCESS);
    }
}
