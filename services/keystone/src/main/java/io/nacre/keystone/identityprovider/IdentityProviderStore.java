package io.nacre.keystone.identityprovider;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.keystone.entity.Conditions;
import io.nacre.keystone.entity.Filter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Identity providers and what they call themselves. */
public final class IdentityProviderStore {
    private static final Columns PROVIDER = Columns.of("keystone_identity_provider");
    private static final Field<String> ID = PROVIDER.text("id");
    private static final Field<String> DOMAIN_ID = PROVIDER.text("domain_id");
    private static final Field<Boolean> ENABLED = PROVIDER.bool("enabled");
    private static final Field<String> DESCRIPTION = PROVIDER.text("description");
    private static final Field<Integer> AUTHORIZATION_TTL = PROVIDER.integer("authorization_ttl");
    private static final Map<String, Field<?>> FILTERS = Map.of("id", ID, "enabled", ENABLED, "domain_id", DOMAIN_ID);

    private static final Columns REMOTE = Columns.of("keystone_remote_id");
    private static final Field<String> REMOTE_ID = REMOTE.text("remote_id");
    private static final Field<String> PROVIDER_ID = REMOTE.text("identity_provider_id");

    public Optional<IdentityProvider> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public IdentityProvider require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find Identity Provider: " + id + "."));
    }

    /** The one that calls itself so. */
    public Optional<IdentityProvider> findByRemoteId(Tx tx, String remoteId) {
        return Optional.ofNullable(Sql.in(tx)
                        .select(PROVIDER_ID)
                        .from(REMOTE.table())
                        .where(REMOTE_ID.eq(remoteId))
                        .fetchOne(PROVIDER_ID))
                .flatMap(id -> find(tx, id));
    }

    public List<IdentityProvider> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    private static List<IdentityProvider> list(Tx tx, Condition condition) {
        Map<String, List<String>> remoteIds = Sql.in(tx)
                .select(PROVIDER_ID, REMOTE_ID)
                .from(REMOTE.table())
                .where(PROVIDER_ID.in(DSL.select(ID).from(PROVIDER.table()).where(condition)))
                .orderBy(REMOTE_ID)
                .fetchGroups(PROVIDER_ID, REMOTE_ID);
        return Sql.in(tx)
                .select(PROVIDER.all())
                .from(PROVIDER.table())
                .where(condition)
                .orderBy(ID)
                .fetch(row -> new IdentityProvider(
                        row.get(ID),
                        row.get(DOMAIN_ID),
                        row.get(ENABLED),
                        row.get(DESCRIPTION),
                        row.get(AUTHORIZATION_TTL),
                        remoteIds.getOrDefault(row.get(ID), List.of())));
    }

    void create(Tx tx, IdentityProvider provider) {
        if (find(tx, provider.id()).isPresent()) {
            throw conflict("Duplicate entry: " + provider.id() + ".");
        }
        Sql.in(tx)
                .insertInto(PROVIDER.table())
                .set(ID, provider.id())
                .set(DOMAIN_ID, provider.domainId())
                .set(changeable(provider))
                .execute();
        putRemoteIds(tx, provider);
    }

    void update(Tx tx, IdentityProvider provider) {
        Sql.in(tx)
                .update(PROVIDER.table())
                .set(changeable(provider))
                .where(ID.eq(provider.id()))
                .execute();
        putRemoteIds(tx, provider);
    }

    private static Map<Field<?>, @Nullable Object> changeable(IdentityProvider provider) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(ENABLED, provider.enabled());
        values.put(DESCRIPTION, provider.description());
        values.put(AUTHORIZATION_TTL, provider.authorizationTtl());
        return values;
    }

    /** No two providers call themselves the same. */
    private void putRemoteIds(Tx tx, IdentityProvider provider) {
        forgetRemoteIds(tx, provider.id());
        for (String remoteId : provider.remoteIds()) {
            if (findByRemoteId(tx, remoteId).isPresent()) {
                throw conflict("Duplicate remote ID: " + remoteId + ".");
            }
            Sql.in(tx)
                    .insertInto(REMOTE.table())
                    .set(REMOTE_ID, remoteId)
                    .set(PROVIDER_ID, provider.id())
                    .execute();
        }
    }

    private static RuntimeException conflict(String details) {
        return Fault.conflict("Conflict occurred attempting to store identity_provider - " + details);
    }

    private static void forgetRemoteIds(Tx tx, String id) {
        Sql.in(tx).deleteFrom(REMOTE.table()).where(PROVIDER_ID.eq(id)).execute();
    }

    public void delete(Tx tx, String id) {
        forgetRemoteIds(tx, id);
        Sql.in(tx).deleteFrom(PROVIDER.table()).where(ID.eq(id)).execute();
    }
}
