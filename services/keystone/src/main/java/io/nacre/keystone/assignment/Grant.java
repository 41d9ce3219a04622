package io.nacre.keystone.assignment;

/**
 * A role given to somebody.
 *
 * @param targetId {@code all} for the system
 * @param inherited whether it holds on the projects below the target instead of on the target
 */
public record Grant(Actor actor, String actorId, Target target, String targetId, String roleId, boolean inherited) {
    static final String SYSTEM_ID = "all";

    /** Who has it. */
    public enum Actor {
        USER,
        GROUP
    }

    /** Where it holds. */
    public enum Target {
        PROJECT,
        DOMAIN,
        SYSTEM
    }

    public static Grant ofUser(String userId, Target target, String targetId, String roleId) {
        return new Grant(Actor.USER, userId, target, targetId, roleId, false);
    }

    public static Grant onSystem(Actor actor, String actorId, String roleId) {
        return new Grant(actor, actorId, Target.SYSTEM, SYSTEM_ID, roleId, false);
    }
}
