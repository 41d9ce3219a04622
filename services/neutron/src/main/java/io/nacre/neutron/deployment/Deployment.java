package io.nacre.neutron.deployment;

/**
 * One thing on one host.
 *
 * @param wanted false when it is to be removed there
 * @param generation of the wish
 * @param applied the generation that the host has; less than {@code generation} while there is something to do
 * @param attempts in vain, since the last change
 */
public record Deployment(
        String host, Kind kind, String objectId, boolean wanted, long generation, long applied, int attempts) {

    /** In the order in which a host must learn of them. */
    public enum Kind {
        NETWORK,
        PORT,
        ROUTER
    }
}
