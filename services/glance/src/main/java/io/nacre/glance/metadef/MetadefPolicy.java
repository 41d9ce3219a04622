package io.nacre.glance.metadef;

import io.nacre.glance.GlancePolicy;
import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.List;

/**
 * The rules about metadata definitions with their defaults of 2024.1 (glance/policies/metadef.py): readers look at what
 * is public or their project's, operators change it. The target holds the namespace's owner as project_id, and its
 * visibility.
 */
public final class MetadefPolicy {
    private static final String VISIBLE =
            GlancePolicy.ADMIN + " or (role:reader and (project_id:%(project_id)s or 'public':%(visibility)s))";

    private static final PolicyRule METADEF_ADMIN = PolicyRule.alias("metadef_admin", GlancePolicy.ADMIN);
    /** Anybody with a token; rules of operators refer to it. */
    private static final PolicyRule METADEF_DEFAULT = PolicyRule.alias("metadef_default", Personas.ANY);

    private static final String CHANGE = "rule:" + METADEF_ADMIN.name();

    static final PolicyRule GET_NAMESPACE = PolicyRule.of("get_metadef_namespace", VISIBLE);
    static final PolicyRule GET_NAMESPACES = PolicyRule.of("get_metadef_namespaces", GlancePolicy.READER);
    static final PolicyRule ADD_NAMESPACE = PolicyRule.of("add_metadef_namespace", CHANGE);
    static final PolicyRule MODIFY_NAMESPACE = PolicyRule.of("modify_metadef_namespace", CHANGE);
    static final PolicyRule DELETE_NAMESPACE = PolicyRule.of("delete_metadef_namespace", CHANGE);

    static final PolicyRule LIST_RESOURCE_TYPES = PolicyRule.of("list_metadef_resource_types", VISIBLE);
    static final PolicyRule GET_RESOURCE_TYPE = PolicyRule.of("get_metadef_resource_type", VISIBLE);
    static final PolicyRule ADD_ASSOCIATION = PolicyRule.of("add_metadef_resource_type_association", CHANGE);
    static final PolicyRule REMOVE_ASSOCIATION = PolicyRule.of("remove_metadef_resource_type_association", CHANGE);

    static final PolicyRule GET_PROPERTY = PolicyRule.of("get_metadef_property", VISIBLE);
    static final PolicyRule GET_PROPERTIES = PolicyRule.of("get_metadef_properties", VISIBLE);
    static final PolicyRule MODIFY_PROPERTY = PolicyRule.of("modify_metadef_property", CHANGE);
    static final PolicyRule ADD_PROPERTY = PolicyRule.of("add_metadef_property", CHANGE);
    static final PolicyRule REMOVE_PROPERTY = PolicyRule.of("remove_metadef_property", CHANGE);

    static final PolicyRule GET_OBJECT = PolicyRule.of("get_metadef_object", VISIBLE);
    static final PolicyRule GET_OBJECTS = PolicyRule.of("get_metadef_objects", VISIBLE);
    static final PolicyRule MODIFY_OBJECT = PolicyRule.of("modify_metadef_object", CHANGE);
    static final PolicyRule ADD_OBJECT = PolicyRule.of("add_metadef_object", CHANGE);
    static final PolicyRule DELETE_OBJECT = PolicyRule.of("delete_metadef_object", CHANGE);

    static final PolicyRule GET_TAG = PolicyRule.of("get_metadef_tag", VISIBLE);
    static final PolicyRule GET_TAGS = PolicyRule.of("get_metadef_tags", VISIBLE);
    static final PolicyRule MODIFY_TAG = PolicyRule.of("modify_metadef_tag", CHANGE);
    static final PolicyRule ADD_TAG = PolicyRule.of("add_metadef_tag", CHANGE);
    static final PolicyRule ADD_TAGS = PolicyRule.of("add_metadef_tags", CHANGE);
    static final PolicyRule DELETE_TAG = PolicyRule.of("delete_metadef_tag", CHANGE);
    static final PolicyRule DELETE_TAGS = PolicyRule.of("delete_metadef_tags", CHANGE);

    private MetadefPolicy() {}

    public static List<PolicyRule> rules() {
        return List.of(
                METADEF_ADMIN,
                METADEF_DEFAULT,
                GET_NAMESPACE,
                GET_NAMESPACES,
                ADD_NAMESPACE,
                MODIFY_NAMESPACE,
                DELETE_NAMESPACE,
                LIST_RESOURCE_TYPES,
                GET_RESOURCE_TYPE,
                ADD_ASSOCIATION,
                REMOVE_ASSOCIATION,
                GET_PROPERTY,
                GET_PROPERTIES,
                MODIFY_PROPERTY,
                ADD_PROPERTY,
                REMOVE_PROPERTY,
                GET_OBJECT,
                GET_OBJECTS,
                MODIFY_OBJECT,
                ADD_OBJECT,
                DELETE_OBJECT,
                GET_TAG,
                GET_TAGS,
                MODIFY_TAG,
                ADD_TAG,
                ADD_TAGS,
                DELETE_TAG,
                DELETE_TAGS);
    }
}
