package io.nacre.glance.data;

import io.nacre.base.Tx;
import io.nacre.database.Columns;
import io.nacre.database.Sql;
import java.util.Map;
import org.jooq.Field;
import tools.jackson.databind.JsonNode;

/** What imports were asked to do, in the words of the request; how they go is in the task engine's timeline. */
public final class ImportStore {
    private static final Columns TASK = Columns.of("glance_task");
    private static final Field<String> ID = TASK.text("id");
    private static final Field<String> IMAGE = TASK.text("image_id");
    private static final Field<JsonNode> INPUT = TASK.json("input", JsonNode.class);

    void add(Tx tx, String taskId, String imageId, JsonNode input) {
        Sql.in(tx)
                .insertInto(TASK.table())
                .set(ID, taskId)
                .set(IMAGE, imageId)
                .set(INPUT, input)
                .execute();
    }

    /** By the task's id. */
    Map<String, JsonNode> ofImage(Tx tx, String imageId) {
        return Sql.in(tx)
                .select(ID, INPUT)
                .from(TASK.table())
                .where(IMAGE.eq(imageId))
                .fetchMap(ID, INPUT);
    }
}
