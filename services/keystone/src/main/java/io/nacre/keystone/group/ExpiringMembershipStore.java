package io.nacre.keystone.group;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.identityprovider.IdentityProvider;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jooq.Condition;
import org.jooq.Field;
import org.jspecify.annotations.Nullable;

/**
 * Memberships that last as long as the identity provider that told them says, or the setting where it says nothing; and
 * no longer than it is trusted.
 */
public final class ExpiringMembershipStore {
    private static final Columns MEMBERSHIP = Columns.of("keystone_expiring_membership");
    private static final Field<String> USER_ID = MEMBERSHIP.text("user_id");
    private static final Field<String> GROUP_ID = MEMBERSHIP.text("group_id");
    private static final Field<String> PROVIDER_ID = MEMBERSHIP.text("identity_provider_id");
    private static final Field<Instant> LAST_VERIFIED = MEMBERSHIP.instant("last_verified");

    private static final Columns PROVIDER = Columns.of("keystone_identity_provider");
    private static final Field<String> ID = PROVIDER.text("id");
    private static final Field<Boolean> ENABLED = PROVIDER.bool("enabled");
    private static final Field<Integer> TTL = PROVIDER.integer("authorization_ttl");

    private final Duration otherwise;
    private final InstantSource clock;

    /** @param otherwise for providers that say nothing; zero for not at all */
    public ExpiringMembershipStore(Duration otherwise, InstantSource clock) {
        this.otherwise = otherwise;
        this.clock = clock;
    }

    /** When the memberships of the user end, by group; only those that are good now. */
    public Map<String, Instant> ends(Tx tx, String userId) {
        Map<String, Instant> ends = new HashMap<>();
        Sql.in(tx)
                .select(GROUP_ID, LAST_VERIFIED, TTL)
                .from(MEMBERSHIP.table())
                .join(PROVIDER.table())
                .on(ID.eq(PROVIDER_ID))
                .where(USER_ID.eq(userId).and(ENABLED.isTrue()))
                .forEach(row -> {
                    Instant end = row.get(LAST_VERIFIED).plus(lifetime(row.get(TTL)));
                    if (end.isAfter(clock.instant())) {
                        ends.merge(row.get(GROUP_ID), end, (one, other) -> one.isAfter(other) ? one : other);
                    }
                });
        return ends;
    }

    /** As the original, takes 0 for nothing said. */
    private Duration lifetime(@Nullable Integer minutes) {
        int said = Objects.requireNonNullElse(minutes, 0);
        return said == 0 ? otherwise : Duration.ofMinutes(said);
    }

    /**
     * Notes that the provider has just put the user in these groups.
     *
     * @return whether the user is in one of them that they were not in before
     */
    public boolean verified(Tx tx, IdentityProvider provider, String userId, Collection<String> groupIds) {
        if (lifetime(provider.authorizationTtl()).isZero()) {
            return false;
        }
        boolean more = !ends(tx, userId).keySet().containsAll(groupIds);
        for (String groupId : groupIds) {
            Condition one = USER_ID.eq(userId).and(GROUP_ID.eq(groupId)).and(PROVIDER_ID.eq(provider.id()));
            int renewed = Sql.in(tx)
                    .update(MEMBERSHIP.table())
                    .set(LAST_VERIFIED, clock.instant())
                    .where(one)
                    .execute();
            if (renewed == 0) {
                Sql.in(tx)
                        .insertInto(MEMBERSHIP.table())
                        .set(USER_ID, userId)
                        .set(GROUP_ID, groupId)
                        .set(PROVIDER_ID, provider.id())
                        .set(LAST_VERIFIED, clock.instant())
                        .execute();
            }
        }
        return more;
    }

    void deleteOfUser(Tx tx, String userId) {
        delete(tx, USER_ID.eq(userId));
    }

    void deleteOfGroup(Tx tx, String groupId) {
        delete(tx, GROUP_ID.eq(groupId));
    }

    public void deleteOfProvider(Tx tx, String providerId) {
        delete(tx, PROVIDER_ID.eq(providerId));
    }

    private static void delete(Tx tx, Condition condition) {
        Sql.in(tx).deleteFrom(MEMBERSHIP.table()).where(condition).execute();
    }
}
