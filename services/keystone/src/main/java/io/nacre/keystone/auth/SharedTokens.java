package io.nacre.keystone.auth;

import io.nacre.cache.Cache;
import io.nacre.cache.Region;
import io.nacre.keystone.applicationcredential.ApplicationCredential;
import io.nacre.keystone.oauth.AccessToken;
import io.nacre.keystone.project.Project;
import io.nacre.keystone.role.Role;
import io.nacre.keystone.token.Token;
import io.nacre.keystone.trust.Trust;
import io.nacre.keystone.user.User;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tokens stand for, told from one controller to the others. The generation is a part of the key: what was looked
 * up before a revocation cannot be found after it, whoever put it there and whether or not anybody could remove it.
 */
final class SharedTokens {
    private final @Nullable Region region;
    private final InstantSource clock;

    /** All of an authorization but the token, which everybody reads from its text, and without secrets. */
    private record Known(
            User user,
            Project userDomain,
            @Nullable Project project,
            @Nullable Project domain,
            List<Role> roles,
            @Nullable Trust trust,
            @Nullable ApplicationCredential credential,
            @Nullable AccessToken accessToken,
            Instant validUntil) {

        static Known of(Authorization known) {
            ApplicationCredential credential = known.credential();
            return new Known(
                    known.user().withoutSecret(),
                    known.userDomain(),
                    known.project(),
                    known.domain(),
                    known.roles(),
                    known.trust(),
                    credential == null ? null : credential.withoutSecret(),
                    known.accessToken(),
                    known.validUntil());
        }

        Authorization with(Token token, long generation) {
            return new Authorization(
                    token,
                    user,
                    userDomain,
                    project,
                    domain,
                    roles,
                    trust,
                    credential,
                    accessToken,
                    validUntil,
                    generation);
        }
    }

    /** @param cache used when other controllers see it: the memory of this one keeps authorizations as they are */
    SharedTokens(Cache cache, InstantSource clock) {
        this.region = cache.isShared() ? new Region(cache, "keystone.token", clock) : null;
        this.clock = clock;
    }

    /** @param token what the text says */
    Optional<Authorization> get(String text, Token token, long generation) {
        return region == null
                ? Optional.empty()
                : region.get(key(text, generation), Known.class).map(known -> known.with(token, generation));
    }

    void put(String text, Authorization authorization) {
        Duration left = Duration.between(clock.instant(), authorization.validUntil());
        if (region != null && left.isPositive()) {
            region.put(key(text, authorization.generation()), Known.of(authorization), left);
        }
    }

    private static String key(String text, long generation) {
        return generation + " " + text;
    }
}
