package io.nacre.keystone.applicationcredential;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a program logs in with.
 *
 * @param expiresAt null for never
 * @param unrestricted whether it may make further credentials and trusts
 * @param accessRules the only requests that it may make; null for any
 * @param trustId the trust it was made with and does not outlive; null for none
 */
public record ApplicationCredential(
        String id,
        String name,
        String userId,
        String projectId,
        String secretHash,
        @Nullable String description,
        @Nullable Instant expiresAt,
        boolean unrestricted,
        List<String> roleIds,
        @Nullable List<AccessRule> accessRules,
        @Nullable String trustId) {

    /** @param type of the service that is asked, such as compute */
    public boolean allows(String type, String requestMethod, String requestPath) {
        return accessRules == null
                || accessRules.stream().anyMatch(rule -> rule.allows(type, requestMethod, requestPath));
    }

    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** For where its holder is known already. */
    public ApplicationCredential withoutSecret() {
        return new ApplicationCredential(
                id, name, userId, projectId, "", description, expiresAt, unrestricted, roleIds, accessRules, trustId);
    }

    /** Names no secret. */
    @Override
    public String toString() {
        return "ApplicationCredential[" + id + ", " + name + "]";
    }

    /**
     * A request that is allowed.
     *
     * @param service a service type such as compute
     * @param path of the URL; may hold {@code *}, {@code **} and {@code {name}}
     */
    public record AccessRule(
            String id,
            @Nullable String service,
            @Nullable String path,
            @Nullable String method) {

        private boolean allows(String type, String requestMethod, String requestPath) {
            return type.equals(service)
                    && requestMethod.equals(method)
                    && path != null
                    && PathPattern.of(path).matches(requestPath);
        }
    }
}
