package io.nacre.neutron;

import io.nacre.policy.Personas;
import io.nacre.policy.PolicyRule;
import java.util.List;

/** The checks that neutron's rules are made of (neutron/conf/policies of 2024.1). */
public final class NeutronPolicy {
    public static final String ADMIN = "role:admin";
    public static final String ADMIN_OR_SERVICE = Personas.ADMIN_OR_SERVICE;
    public static final String MEMBER = Personas.PROJECT_MEMBER;
    public static final String READER = Personas.PROJECT_READER;
    public static final String SHARED = "field:networks:shared=True";
    public static final String EXTERNAL = "field:networks:router:external=True";
    public static final String NETWORK_OWNER_MEMBER = "(role:member and project_id:%(network:project_id)s)";
    public static final String NETWORK_OWNER_READER = "(role:reader and project_id:%(network:project_id)s)";
    public static final String NETWORK_MEMBER = ADMIN_OR_SERVICE + " or " + NETWORK_OWNER_MEMBER;
    /** Ports of routers, DHCP and the like are not for everybody. */
    public static final String NETWORK_DEVICE = "field:port:device_owner=~^network:";

    /** The names that rules of an operator's policy file usually refer to. */
    public static final List<PolicyRule> ALIASES = List.of(
            PolicyRule.alias("context_is_admin", ADMIN),
            PolicyRule.alias("admin_only", "rule:context_is_admin"),
            PolicyRule.alias("service_api", "role:service"),
            PolicyRule.alias("owner", "project_id:%(project_id)s"),
            PolicyRule.alias("admin_or_owner", "rule:context_is_admin or rule:owner"),
            PolicyRule.alias("network_owner", "project_id:%(network:project_id)s"),
            PolicyRule.alias("admin_or_network_owner", "rule:context_is_admin or rule:network_owner"),
            PolicyRule.alias("admin_owner_or_network_owner", "rule:owner or rule:admin_or_network_owner"),
            PolicyRule.alias("sg_owner", "project_id:%(security_group:project_id)s"),
            PolicyRule.alias("shared", SHARED),
            PolicyRule.alias("external", EXTERNAL),
            PolicyRule.alias("network_device", NETWORK_DEVICE),
            PolicyRule.alias("default", "rule:admin_or_owner"));

    private NeutronPolicy() {}
}
