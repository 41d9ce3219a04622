package io.nacre.keystone.serviceprovider;

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
import org.jspecify.annotations.Nullable;

/** Service providers. */
public final class ServiceProviderStore {
    private static final Columns PROVIDER = Columns.of("keystone_service_provider");
    private static final Field<String> ID = PROVIDER.text("id");
    private static final Field<String> AUTH_URL = PROVIDER.text("auth_url");
    private static final Field<String> SP_URL = PROVIDER.text("sp_url");
    private static final Field<String> DESCRIPTION = PROVIDER.text("description");
    private static final Field<Boolean> ENABLED = PROVIDER.bool("enabled");
    private static final Field<String> RELAY_STATE_PREFIX = PROVIDER.text("relay_state_prefix");
    private static final Map<String, Field<?>> FILTERS = Map.of("id", ID, "enabled", ENABLED);

    private static Optional<ServiceProvider> find(Tx tx, String id) {
        return list(tx, ID.eq(id)).stream().findFirst();
    }

    public ServiceProvider require(Tx tx, String id) {
        return find(tx, id).orElseThrow(() -> Fault.notFound("Could not find Service Provider: " + id + "."));
    }

    List<ServiceProvider> list(Tx tx, List<Filter> filters) {
        return list(tx, Conditions.of(filters, FILTERS));
    }

    /** Those that users may go to. */
    public List<ServiceProvider> enabled(Tx tx) {
        return list(tx, ENABLED.isTrue());
    }

    private static List<ServiceProvider> list(Tx tx, Condition condition) {
        return Sql.in(tx)
                .select(PROVIDER.all())
                .from(PROVIDER.table())
                .where(condition)
                .orderBy(ID)
                .fetch(row -> new ServiceProvider(
                        row.get(ID),
                        row.get(AUTH_URL),
                        row.get(SP_URL),
                        row.get(DESCRIPTION),
                        row.get(ENABLED),
                        row.get(RELAY_STATE_PREFIX)));
    }

    void create(Tx tx, ServiceProvider provider) {
        if (find(tx, provider.id()).isPresent()) {
            throw Fault.conflict("Conflict occurred attempting to store service_provider - Duplicate entry found with"
                    + " ID " + provider.id() + ".");
        }
        Sql.in(tx)
                .insertInto(PROVIDER.table())
                .set(ID, provider.id())
                .set(changeable(provider))
                .execute();
    }

    void update(Tx tx, ServiceProvider provider) {
        Sql.in(tx)
                .update(PROVIDER.table())
                .set(changeable(provider))
                .where(ID.eq(provider.id()))
                .execute();
    }

    private static Map<Field<?>, @Nullable Object> changeable(ServiceProvider provider) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(AUTH_URL, provider.authUrl());
        values.put(SP_URL, provider.spUrl());
        values.put(DESCRIPTION, provider.description());
        values.put(ENABLED, provider.enabled());
        values.put(RELAY_STATE_PREFIX, provider.relayStatePrefix());
        return values;
    }

    void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(PROVIDER.table()).where(ID.eq(id)).execute();
    }
}
