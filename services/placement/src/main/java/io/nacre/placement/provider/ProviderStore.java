package io.nacre.placement.provider;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.placement.PlacementErrors;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;

/** Resource providers and their trees. */
public final class ProviderStore {
    private static final Columns PROVIDER = Columns.of("placement_provider");
    private static final Field<String> ID = PROVIDER.text("id");
    private static final Field<String> NAME = PROVIDER.text("name");
    private static final Field<Long> GENERATION = PROVIDER.number("generation");
    private static final Field<String> PARENT_ID = PROVIDER.text("parent_id");
    private static final Field<String> ROOT_ID = PROVIDER.text("root_id");
    private static final Field<Instant> CREATED_AT = PROVIDER.instant("created_at");
    private static final Field<Instant> UPDATED_AT = PROVIDER.instant("updated_at");

    public Optional<Provider> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(PROVIDER.all())
                .from(PROVIDER.table())
                .where(ID.eq(id))
                .fetchOptional(ProviderStore::provider);
    }

    public Provider require(Tx tx, String id) {
        return find(tx, id)
                .orElseThrow(() -> Fault.of(
                        Fault.Kind.NOT_FOUND,
                        PlacementErrors.PROVIDER_NOT_FOUND,
                        "No resource provider with uuid " + id + " found."));
    }

    /** Moves the generation on; the transaction starts over when somebody else did so meanwhile. */
    public Provider advance(Tx tx, Provider provider, Instant now) {
        int changed = Sql.in(tx)
                .update(PROVIDER.table())
                .set(GENERATION, provider.generation() + 1)
                .set(UPDATED_AT, now)
                .where(ID.eq(provider.id()).and(GENERATION.eq(provider.generation())))
                .execute();
        Sql.one(changed, "resource provider " + provider.id());
        return new Provider(
                provider.id(),
                provider.name(),
                provider.generation() + 1,
                provider.parentId(),
                provider.rootId(),
                provider.createdAt(),
                now);
    }

    private static Provider provider(Record row) {
        return new Provider(
                row.get(ID),
                row.get(NAME),
                row.get(GENERATION),
                row.get(PARENT_ID),
                row.get(ROOT_ID),
                row.get(CREATED_AT),
                row.get(UPDATED_AT));
    }
}
