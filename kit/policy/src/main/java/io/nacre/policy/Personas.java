package io.nacre.policy;

/**
 * The checks of the personas of OpenStack 2024.1 (consistent and secure RBAC). Keystone puts implied roles into the
 * token (admin has manager, manager has member, member has reader), so a check names only the least role.
 */
public final class Personas {
    /** An operator of the cloud. */
    public static final String ADMIN = "role:admin";

    /** Who changes who belongs to the project; or an operator. */
    public static final String PROJECT_MANAGER = "role:admin or (role:manager and project_id:%(project_id)s)";

    /** Who uses the project's resources; or an operator. */
    public static final String PROJECT_MEMBER = "role:admin or (role:member and project_id:%(project_id)s)";

    /** Who looks at the project's resources; or an operator. */
    public static final String PROJECT_READER = "role:admin or (role:reader and project_id:%(project_id)s)";

    /** Another service. */
    public static final String SERVICE = "role:service";

    /** Another service, or an operator in its place. */
    public static final String ADMIN_OR_SERVICE = "role:admin or role:service";

    /** Every valid token. */
    public static final String ANY = "@";

    /** Nobody, unless an operator's policy file says otherwise. */
    public static final String NOBODY = "!";

    private Personas() {}
}
