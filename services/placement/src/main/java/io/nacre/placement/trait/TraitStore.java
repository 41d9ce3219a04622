package io.nacre.placement.trait;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.not;
import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Packaged;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Traits and which provider has which. */
public final class TraitStore {
    private static final Columns TRAIT = Columns.of("placement_trait");
    private static final Field<String> NAME = TRAIT.text("name");
    private static final Field<Instant> CREATED_AT = TRAIT.instant("created_at");

    private static final Columns HAS = Columns.of("placement_provider_trait");
    private static final Field<String> HAS_PROVIDER = HAS.text("provider_id");
    private static final Field<String> HAS_TRAIT = HAS.text("trait");

    /** Which traits a listing shows; the parts that are set must all hold. */
    record Filter(Optional<String> prefix, Optional<Set<String>> names, Optional<Boolean> associated) {}

    List<Trait> list(Tx tx, Filter filter) {
        Condition condition = DSL.noCondition();
        if (filter.prefix().isPresent()) {
            condition = condition.and(NAME.startsWith(filter.prefix().get()));
        }
        if (filter.names().isPresent()) {
            condition = condition.and(NAME.in(filter.names().get()));
        }
        if (filter.associated().isPresent()) {
            Condition used = exists(selectOne().from(HAS.table()).where(HAS_TRAIT.eq(NAME)));
            condition = condition.and(filter.associated().get() ? used : not(used));
        }
        return Sql.in(tx)
                .select(TRAIT.all())
                .from(TRAIT.table())
                .where(condition)
                .orderBy(NAME)
                .fetch(TraitStore::trait);
    }

    public Optional<Trait> find(Tx tx, String name) {
        return Sql.in(tx)
                .select(TRAIT.all())
                .from(TRAIT.table())
                .where(NAME.eq(name))
                .fetchOptional(TraitStore::trait);
    }

    /** True when it was not there before. */
    public boolean create(Tx tx, Trait trait) {
        return Sql.in(tx)
                        .insertInto(TRAIT.table())
                        .set(NAME, trait.name())
                        .set(CREATED_AT, trait.createdAt())
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    void delete(Tx tx, String name) {
        Sql.in(tx).deleteFrom(TRAIT.table()).where(NAME.eq(name)).execute();
    }

    boolean isInUse(Tx tx, String name) {
        return Sql.in(tx).fetchExists(selectOne().from(HAS.table()).where(HAS_TRAIT.eq(name)));
    }

    /** A provider's traits, in the order of their names. */
    public List<Trait> ofProvider(Tx tx, String providerId) {
        return Sql.in(tx)
                .select(TRAIT.all())
                .from(TRAIT.table())
                .join(HAS.table())
                .on(HAS_TRAIT.eq(NAME))
                .where(HAS_PROVIDER.eq(providerId))
                .orderBy(NAME)
                .fetch(TraitStore::trait);
    }

    /** The names of the traits of those among the providers that have any of the names; null for every name. */
    public Map<String, Set<String>> ofProviders(
            Tx tx, Collection<String> providerIds, @Nullable Collection<String> names) {
        Map<String, Set<String>> found = new HashMap<>();
        Sql.in(tx)
                .select(HAS.all())
                .from(HAS.table())
                .where(HAS_PROVIDER.in(providerIds))
                .and(names == null ? DSL.noCondition() : HAS_TRAIT.in(names))
                .forEach(row -> found.computeIfAbsent(row.get(HAS_PROVIDER), id -> new TreeSet<>())
                        .add(row.get(HAS_TRAIT)));
        return found;
    }

    /** Whether the provider that the column names has one of these traits. */
    public static Condition hasAny(Field<String> providerId, Collection<String> names) {
        return providerId.in(select(HAS_PROVIDER).from(HAS.table()).where(HAS_TRAIT.in(names)));
    }

    /** Faults with INVALID that names the traits which are not there. */
    public void requireAll(Tx tx, Collection<String> wanted) {
        Set<String> missing = new LinkedHashSet<>(wanted);
        missing.removeAll(Sql.in(tx)
                .select(NAME)
                .from(TRAIT.table())
                .where(NAME.in(wanted))
                .fetchSet(NAME));
        if (!missing.isEmpty()) {
            throw Fault.invalid("No such trait(s): " + String.join(", ", missing) + ".");
        }
    }

    /** Gives a provider exactly these traits; the caller moves its generation on. */
    public void setOfProvider(Tx tx, String providerId, Collection<String> traits) {
        Sql.in(tx).deleteFrom(HAS.table()).where(HAS_PROVIDER.eq(providerId)).execute();
        if (!traits.isEmpty()) {
            Sql.in(tx)
                    .insertInto(HAS.table(), HAS_PROVIDER, HAS_TRAIT)
                    .valuesOfRows(new HashSet<>(traits)
                            .stream().map(trait -> DSL.row(providerId, trait)).toList())
                    .execute();
        }
    }

    /** Brings the standard traits in that are not there yet; for the start of a controller. */
    public void syncStandard(Tx tx, Instant now) {
        Set<String> missing = new LinkedHashSet<>(standardNames());
        missing.removeAll(Sql.in(tx).select(NAME).from(TRAIT.table()).fetchSet(NAME));
        if (!missing.isEmpty()) {
            Sql.in(tx)
                    .insertInto(TRAIT.table(), NAME, CREATED_AT)
                    .valuesOfRows(missing.stream()
                            .map(name -> DSL.row(DSL.val(name, NAME), DSL.val(now, CREATED_AT)))
                            .toList())
                    .onConflictDoNothing()
                    .execute();
        }
    }

    /** The catalogue of os-traits. */
    static List<String> standardNames() {
        return Packaged.text(TraitStore.class, "standard-traits.txt").lines().toList();
    }

    private static Trait trait(Record row) {
        return new Trait(row.get(NAME), row.get(CREATED_AT));
    }
}
