package io.nacre.glance.image;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What a project's images use at this moment, as the original counts it. */
final class UsageStore {
    private static final Columns LOCATION = Columns.of("glance_location");
    private static final Field<String> LOCATION_IMAGE = LOCATION.text("image_id");
    private static final Field<String> LOCATION_STATUS = LOCATION.text("status");
    private static final List<String> STAGED = List.of("uploading", "importing");
    private static final List<String> UPLOADING = List.of("saving", "uploading", "importing");

    private static Condition ofProject(String project) {
        return ImageStore.OWNER.eq(project).and(ImageStore.DELETED_AT.isNull());
    }

    /** Images that a task is copying to other stores. */
    private static Condition copying() {
        Select<Record1<String>> busy = DSL.select(ImageStore.PROPERTY_IMAGE)
                .from(ImageStore.PROPERTIES)
                .where(ImageStore.PROPERTY_NAME.eq("os_glance_importing_to_stores"))
                .and(ImageStore.PROPERTY_VALUE.ne(""));
        return ImageStore.ID.in(busy);
    }

    long images(Tx tx, String project) {
        return count(tx, ofProject(project));
    }

    long uploading(Tx tx, String project) {
        return count(tx, ofProject(project).and(ImageStore.STATUS.in(UPLOADING).or(copying())));
    }

    /** Bytes that lie, or may lie, in the staging area. */
    long stagedBytes(Tx tx, String project) {
        return sum(Sql.in(tx)
                .select(DSL.sum(ImageStore.SIZE))
                .from(ImageStore.IMAGES)
                .where(ofProject(project).and(ImageStore.STATUS.in(STAGED).or(copying())))
                .fetchOne());
    }

    /** Bytes in all stores. */
    long storedBytes(Tx tx, String project) {
        return sum(Sql.in(tx)
                .select(DSL.sum(ImageStore.SIZE))
                .from(ImageStore.IMAGES)
                .join(LOCATION.table())
                .on(LOCATION_IMAGE.eq(ImageStore.ID))
                .where(ofProject(project).and(LOCATION_STATUS.eq("ACTIVE")))
                .fetchOne());
    }

    private static long count(Tx tx, Condition condition) {
        return Sql.in(tx).fetchCount(ImageStore.IMAGES, condition);
    }

    private static long sum(@Nullable Record1<BigDecimal> row) {
        return row == null || row.value1() == null ? 0 : row.value1().longValueExact();
    }
}
