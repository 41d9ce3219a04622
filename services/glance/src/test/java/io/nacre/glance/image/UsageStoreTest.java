package io.nacre.glance.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.nacre.base.Tx;
import io.nacre.database.Database;
import io.nacre.database.Sql;
import io.nacre.glance.GlanceConfig;
import io.nacre.testkit.EveryEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongBiFunction;
import org.junit.jupiter.api.Test;

@EveryEngine(migrations = {"db/glance", "db/quota", "db/tasks"})
class UsageStoreTest {
    private final UsageStore usage = new UsageStore();
    private final ImageStore images = new ImageStore(names -> names);
    private final Database database;

    UsageStoreTest(Database database) {
        this.database = database;
    }

    private void add(String id, ImageState state, String... stores) {
        ImageQuotas quotas = new ImageQuotas(GlanceConfig.defaults(Path.of("/nowhere")));
        database.run(tx -> {
            SampleRows.create(tx, images, quotas, id, state);
            for (String store : stores) {
                Sql.in(tx)
                        .execute("insert into glance_location (data_key, image_id, store, status, touched_at) values ('"
                                + id + store + "', '" + id + "', '" + store + "', 'ACTIVE', 1)");
            }
        });
    }

    private long used(ToLongBiFunction<Tx, String> what) {
        return database.read(tx -> what.applyAsLong(tx, SampleRows.PROJECT));
    }

    @Test
    void nothingIsUsedByNobody() {
        for (ToLongBiFunction<Tx, String> what : List.<ToLongBiFunction<Tx, String>>of(
                usage::images, usage::uploading, usage::stagedBytes, usage::storedBytes)) {
            assertThat(used(what)).isZero();
        }
    }

    /** Each has three bytes. */
    @Test
    void imagesCountByWhereTheyAre() {
        add("a", ImageState.ACTIVE, "one", "two");
        add("b", ImageState.UPLOADING);
        add("c", ImageState.SAVING);
        add("d", ImageState.IMPORTING);
        add("e", ImageState.QUEUED);
        assertThat(used(usage::images)).isEqualTo(5);
        assertThat(used(usage::uploading)).isEqualTo(3);
        assertThat(used(usage::stagedBytes)).isEqualTo(6);
        assertThat(used(usage::storedBytes)).isEqualTo(6);
        database.run(tx -> Sql.in(tx)
                .execute("insert into glance_image_property (image_id, name, value)"
                        + " values ('a', 'os_glance_importing_to_stores', 'three')"));
        assertThat(used(usage::uploading)).isEqualTo(4);
        assertThat(used(usage::stagedBytes)).isEqualTo(9);
        database.run(tx -> images.save(tx, images.require(tx, "d").in(ImageState.DELETED), SampleRows.LONG_AGO));
        assertThat(used(usage::uploading)).isEqualTo(3);
        assertThat(used(usage::images)).isEqualTo(4);
    }
}
