package io.nacre.neutron.rbac;

import io.nacre.neutron.resource.Resource;
import io.nacre.neutron.resource.Standard;

/**
 * A permission.
 *
 * @param objectType network or security_group
 * @param action access_as_shared
 * @param target a project, {@code *} for every one
 */
public record RbacPolicy(Standard standard, String objectType, String objectId, String action, String target)
        implements Resource {}
