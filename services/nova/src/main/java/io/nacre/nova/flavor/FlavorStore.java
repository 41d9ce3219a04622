package io.nacre.nova.flavor;

import static org.jooq.impl.DSL.exists;
import static org.jooq.impl.DSL.selectOne;

import io.nacre.base.Fault;
import io.nacre.base.Page;
import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Paging;
import io.nacre.database.Sql;
import io.nacre.nova.NumberStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Flavors and who may use those that are not public. */
public final class FlavorStore {
    private static final Columns FLAVOR = Columns.of("nova_flavor");
    private static final Field<String> ID = FLAVOR.text("id");
    private static final Field<Long> NUMBER = FLAVOR.number("number");
    private static final Field<String> NAME = FLAVOR.text("name");
    private static final Field<Integer> RAM = FLAVOR.integer("ram_mib");
    private static final Field<Integer> VCPUS = FLAVOR.integer("vcpus");
    private static final Field<Integer> DISK = FLAVOR.integer("disk_gib");
    private static final Field<Integer> EPHEMERAL = FLAVOR.integer("ephemeral_gib");
    private static final Field<Integer> SWAP = FLAVOR.integer("swap_mib");
    private static final Field<Double> RXTX = FLAVOR.decimal("rxtx_factor");
    private static final Field<Boolean> PUBLIC = FLAVOR.bool("is_public");
    private static final Field<String> DESCRIPTION = FLAVOR.text("description");
    private static final Field<Map<String, String>> EXTRA_SPECS =
            FLAVOR.json("extra_specs", new TypeReference<Map<String, String>>() {});
    private static final Field<Instant> CREATED_AT = FLAVOR.instant("created_at");
    private static final Field<Instant> UPDATED_AT = FLAVOR.instant("updated_at");

    private static final Columns ACCESS = Columns.of("nova_flavor_access");
    private static final Field<String> ACCESS_FLAVOR = ACCESS.text("flavor_id");
    private static final Field<String> ACCESS_PROJECT = ACCESS.text("project_id");

    private static final Paging PAGING = Paging.of(FLAVOR, ID)
            .key("flavorid", ID)
            .key("id", NUMBER)
            .key("name", NAME)
            .key("memory_mb", RAM)
            .key("vcpus", VCPUS)
            .key("root_gb", DISK)
            .key("ephemeral_gb", EPHEMERAL)
            .key("swap", SWAP)
            .key("rxtx_factor", RXTX)
            .key("is_public", PUBLIC)
            .key("description", DESCRIPTION)
            .key("created_at", CREATED_AT)
            .key("updated_at", UPDATED_AT)
            .ordered("flavorid", true);

    /**
     * Which flavors a listing shows.
     *
     * @param projectId whose access counts for flavors that are not public; null for an operator who sees all of them
     * @param isPublic null for both kinds
     */
    public record Filter(
            @Nullable String projectId, @Nullable Boolean isPublic, int minRamMiB, int minDiskGiB) {}

    public List<Flavor> list(Tx tx, Filter filter, Page page) {
        Condition condition = RAM.ge(filter.minRamMiB()).and(DISK.ge(filter.minDiskGiB()));
        if (filter.isPublic() != null) {
            condition = condition.and(PUBLIC.eq(filter.isPublic()));
        }
        if (filter.projectId() != null) {
            condition = condition.and(visibleTo(filter.projectId()));
        }
        return PAGING.fetch(
                        tx, Sql.in(tx).select(FLAVOR.all()).from(FLAVOR.table()).where(condition), page)
                .map(FlavorStore::flavor);
    }

    public Optional<Flavor> find(Tx tx, String id) {
        return Sql.in(tx)
                .select(FLAVOR.all())
                .from(FLAVOR.table())
                .where(ID.eq(id))
                .fetchOptional(FlavorStore::flavor);
    }

    /** A flavor the project may use; operators may use all of them. */
    public Flavor require(Tx tx, String id, @Nullable String projectId) {
        return find(tx, id)
                .filter(flavor -> projectId == null
                        || flavor.isPublic()
                        || projects(tx, id).contains(projectId))
                .orElseThrow(() -> Fault.notFound("Flavor " + id + " could not be found."));
    }

    public void create(Tx tx, Flavor flavor) {
        if (Sql.in(tx).fetchExists(FLAVOR.table(), NAME.eq(flavor.name()))) {
            throw Fault.conflict("Flavor with name " + flavor.name() + " already exists.");
        }
        if (Sql.in(tx).fetchExists(FLAVOR.table(), ID.eq(flavor.id()))) {
            throw Fault.conflict("Flavor with ID " + flavor.id() + " already exists.");
        }
        Sql.in(tx)
                .insertInto(FLAVOR.table())
                .set(ID, flavor.id())
                .set(NUMBER, NumberStore.take(tx, "flavor", 1))
                .set(NAME, flavor.name())
                .set(RAM, flavor.ramMiB())
                .set(VCPUS, flavor.vcpus())
                .set(DISK, flavor.diskGiB())
                .set(EPHEMERAL, flavor.ephemeralGiB())
                .set(SWAP, flavor.swapMiB())
                .set(RXTX, flavor.rxtxFactor())
                .set(PUBLIC, flavor.isPublic())
                .set(DESCRIPTION, flavor.description())
                .set(EXTRA_SPECS, flavor.extraSpecs())
                .set(CREATED_AT, flavor.createdAt())
                .execute();
    }

    public void describe(Tx tx, String id, @Nullable String description, Instant now) {
        Sql.in(tx)
                .update(FLAVOR.table())
                .set(DESCRIPTION, description)
                .set(UPDATED_AT, now)
                .where(ID.eq(id))
                .execute();
    }

    public void setExtraSpecs(Tx tx, String id, Map<String, String> extraSpecs, Instant now) {
        Sql.in(tx)
                .update(FLAVOR.table())
                .set(EXTRA_SPECS, extraSpecs)
                .set(UPDATED_AT, now)
                .where(ID.eq(id))
                .execute();
    }

    public void delete(Tx tx, String id) {
        Sql.in(tx).deleteFrom(ACCESS.table()).where(ACCESS_FLAVOR.eq(id)).execute();
        Sql.in(tx).deleteFrom(FLAVOR.table()).where(ID.eq(id)).execute();
    }

    /** The projects that may use a flavor which is not public. */
    public List<String> projects(Tx tx, String id) {
        return Sql.in(tx)
                .select(ACCESS_PROJECT)
                .from(ACCESS.table())
                .where(ACCESS_FLAVOR.eq(id))
                .orderBy(ACCESS_PROJECT)
                .fetch(ACCESS_PROJECT);
    }

    /** True when the project could not use it before. */
    public boolean grant(Tx tx, String id, String projectId) {
        return Sql.in(tx)
                        .insertInto(ACCESS.table())
                        .set(ACCESS_FLAVOR, id)
                        .set(ACCESS_PROJECT, projectId)
                        .onConflictDoNothing()
                        .execute()
                == 1;
    }

    /** True when the project could use it before. */
    public boolean withdraw(Tx tx, String id, String projectId) {
        return Sql.in(tx)
                        .deleteFrom(ACCESS.table())
                        .where(ACCESS_FLAVOR.eq(id))
                        .and(ACCESS_PROJECT.eq(projectId))
                        .execute()
                == 1;
    }

    private static Condition visibleTo(String projectId) {
        return PUBLIC.eq(DSL.inline(true))
                .or(exists(selectOne()
                        .from(ACCESS.table())
                        .where(ACCESS_FLAVOR.eq(ID))
                        .and(ACCESS_PROJECT.eq(projectId))));
    }

    private static Flavor flavor(Record row) {
        return new Flavor(
                row.get(ID),
                row.get(NAME),
                row.get(RAM),
                row.get(VCPUS),
                row.get(DISK),
                row.get(EPHEMERAL),
                row.get(SWAP),
                row.get(RXTX),
                row.get(PUBLIC),
                row.get(DESCRIPTION),
                row.get(EXTRA_SPECS),
                row.get(CREATED_AT));
    }
}
