package io.nacre.placement.provider;

import static org.jooq.impl.DSL.select;
import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import io.nacre.placement.PlacementErrors;
import io.nacre.placement.aggregate.AggregateStore;
import io.nacre.placement.candidate.Group;
import io.nacre.placement.inventory.InventoryStore;
import io.nacre.placement.trait.TraitStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

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
        return find(tx, id).orElseThrow(() -> Fault.notFound("No resource provider with uuid " + id + " found."));
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

    /** The providers that answer to the wish, in the order of their identifiers. */
    List<Provider> list(Tx tx, Wish wish) {
        return Sql.in(tx)
                .select(PROVIDER.all())
                .from(PROVIDER.table())
                .where(wish.condition)
                .orderBy(ID)
                .fetch(ProviderStore::provider);
    }

    /** The providers that answer to the wish, each with the root of its tree. */
    public Map<String, String> roots(Tx tx, Wish wish) {
        return Sql.in(tx)
                .select(ID, ROOT_ID)
                .from(PROVIDER.table())
                .where(wish.condition)
                .fetchMap(ID, ROOT_ID);
    }

    /** The roots of the trees in which each of the wishes is answered by some provider. */
    public List<String> treesWith(Tx tx, Collection<Wish> wishes) {
        Condition each = PARENT_ID.isNull();
        for (Wish wish : wishes) {
            each = each.and(ID.in(select(ROOT_ID).from(PROVIDER.table()).where(wish.condition)));
        }
        return Sql.in(tx).select(ID).from(PROVIDER.table()).where(each).fetch(ID);
    }

    /** Every provider of the trees with these roots, in the order of their identifiers. */
    public List<Provider> trees(Tx tx, Collection<String> rootIds) {
        return Sql.in(tx)
                .select(PROVIDER.all())
                .from(PROVIDER.table())
                .where(ROOT_ID.in(rootIds))
                .orderBy(ID)
                .fetch(ProviderStore::provider);
    }

    /** What a provider must be like to be found; every part that was said must hold. */
    public static final class Wish {
        private Condition condition = DSL.noCondition();

        /** That one provider answers to all of the group but where it lies. */
        public static Wish of(Group group) {
            Wish wish = new Wish().noTrait(group.forbidden()).noAggregate(group.notMemberOf());
            group.resources().forEach(wish::room);
            group.required().forEach(wish::trait);
            group.memberOf().forEach(wish::aggregate);
            return wish;
        }

        Wish id(String id) {
            return and(ID.eq(id));
        }

        Wish name(String name) {
            return and(NAME.eq(name));
        }

        public Wish isRoot() {
            return and(PARENT_ID.isNull());
        }

        public Wish tree(String rootId) {
            return and(ROOT_ID.eq(rootId));
        }

        public Wish trait(Collection<String> any) {
            return and(TraitStore.hasAny(ID, any));
        }

        public Wish noTrait(Collection<String> none) {
            return none.isEmpty() ? this : and(TraitStore.hasAny(ID, none).not());
        }

        public Wish aggregate(Collection<String> any) {
            return and(AggregateStore.inAny(ID, any));
        }

        /** The provider or the root of its tree is in one of them. */
        public Wish aggregateOfTree(Collection<String> any) {
            return and(AggregateStore.inAny(ID, any).or(AggregateStore.inAny(ROOT_ID, any)));
        }

        public Wish noAggregate(Collection<String> none) {
            return none.isEmpty() ? this : and(AggregateStore.inAny(ID, none).not());
        }

        public Wish room(String resourceClass, long amount) {
            return and(InventoryStore.hasRoom(ID, resourceClass, amount));
        }

        private Wish and(Condition more) {
            condition = condition.and(more);
            return this;
        }
    }

    /** Faults with CONFLICT when the name or the identifier is taken. */
    public void create(Tx tx, Provider provider) {
        if (find(tx, provider.id()).isPresent()) {
            throw duplicate("uuid", provider.id());
        }
        requireNameFree(tx, provider.name(), provider.id());
        Sql.in(tx)
                .insertInto(PROVIDER.table())
                .set(ID, provider.id())
                .set(NAME, provider.name())
                .set(GENERATION, provider.generation())
                .set(PARENT_ID, provider.parentId())
                .set(ROOT_ID, provider.rootId())
                .set(CREATED_AT, provider.createdAt())
                .set(UPDATED_AT, provider.updatedAt())
                .execute();
    }

    /**
     * Makes every change to the shape of a tree meet every other: two that were decided on the same shape could
     * together make a circle, or leave a child without its parent.
     */
    void touchTree(Tx tx, String rootId, Instant now) {
        Instant before = find(tx, rootId).map(Provider::updatedAt).orElse(now);
        int changed = Sql.in(tx)
                .update(PROVIDER.table())
                .set(UPDATED_AT, now.isAfter(before) ? now : before.plus(1, ChronoUnit.MICROS))
                .where(ID.eq(rootId))
                .execute();
        Sql.one(changed, "resource provider tree " + rootId);
    }

    /** Renames a provider and moves it, with all below it, to another place in the trees. */
    void update(Tx tx, Provider before, String name, @Nullable String parentId, String rootId, Instant now) {
        requireNameFree(tx, name, before.id());
        int changed = Sql.in(tx)
                .update(PROVIDER.table())
                .set(NAME, name)
                .set(PARENT_ID, parentId)
                .set(ROOT_ID, rootId)
                .set(UPDATED_AT, now)
                .where(ID.eq(before.id()).and(GENERATION.eq(before.generation())))
                .execute();
        Sql.one(changed, "resource provider " + before.id());
        if (!rootId.equals(before.rootId())) {
            List<String> below = new ArrayList<>();
            descendants(trees(tx, List.of(before.rootId())), before.id(), below);
            Sql.in(tx)
                    .update(PROVIDER.table())
                    .set(ROOT_ID, rootId)
                    .where(ID.in(below))
                    .execute();
        }
    }

    private static void descendants(List<Provider> tree, String id, List<String> found) {
        for (Provider provider : tree) {
            if (id.equals(provider.parentId())) {
                found.add(provider.id());
                descendants(tree, provider.id(), found);
            }
        }
    }

    private void requireNameFree(Tx tx, String name, String id) {
        if (Sql.in(tx)
                .fetchExists(
                        selectOne().from(PROVIDER.table()).where(NAME.eq(name).and(ID.ne(id))))) {
            throw duplicate("name", name);
        }
    }

    private static RuntimeException duplicate(String what, String value) {
        return PlacementErrors.conflict(
                PlacementErrors.DUPLICATE_NAME,
                "Conflicting resource provider " + what + ": " + value + " already exists.");
    }

    boolean hasChildren(Tx tx, String id) {
        return Sql.in(tx).fetchExists(selectOne().from(PROVIDER.table()).where(PARENT_ID.eq(id)));
    }

    /** The transaction starts over when somebody changed the provider meanwhile. */
    void delete(Tx tx, Provider provider) {
        int gone = Sql.in(tx)
                .deleteFrom(PROVIDER.table())
                .where(ID.eq(provider.id()).and(GENERATION.eq(provider.generation())))
                .execute();
        Sql.one(gone, "resource provider " + provider.id());
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
